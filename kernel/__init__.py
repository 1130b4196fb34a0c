"""The microkernel: the MT4 connection, auth, the web application, and the hooks that plugins fill."""

VERSION = "1.0.0"
"""Of the product; the health endpoint and the OpenAPI document say it."""
