"""The internal service: hosts one driver in a worker process of its own and serves it over gRPC.

::

    client ─ gRPC ─ Server ─ Door ─ Supervisor ─ socket ─ Worker ─ driver
                             fence,   kills, restarts,     encodes
                             limits   recycles             answers
"""
