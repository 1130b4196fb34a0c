"""Who may use the API: passwords, tokens, users and scopes. Nothing here knows of HTTP."""
