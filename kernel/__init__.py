"""The microkernel: the MT4 connection, auth, the web application, and the hooks that plugins fill."""
