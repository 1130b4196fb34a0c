"""HTTP in and out: strict bodies, one error shape, request ids, lists, and the API page."""
