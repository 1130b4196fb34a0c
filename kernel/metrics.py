"""What the service counts about itself, in Prometheus' text form."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One set of counters for each running kernel, so that tests do not share any."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "mt4api_requests", "Answered requests", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "mt4api_request_seconds", "Time to answer", ("method", "route"), buckets=_BUCKETS, registry=self.registry
        )
        self._connected = Gauge("mt4api_connected", "1 while logged in to the trade server", registry=self.registry)
        self._reconnects = Gauge("mt4api_reconnects", "Reconnects since the start", registry=self.registry)
        self._writes = Counter("mt4api_writes", "Writes by outcome", ("what", "outcome"), registry=self.registry)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer under its route's template, never under a caller's path."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    def count_write(self, what: str, outcome: str) -> None:
        """Count how a write ended: done, not_applied or unknown."""
        self._writes.labels(what, outcome).inc()

    def show_link(self, *, connected: bool, reconnects: int) -> None:
        """Show the state of the link."""
        self._connected.set(int(connected))
        self._reconnects.set(reconnects)

    def text(self) -> bytes:
        """Render everything."""
        return generate_latest(self.registry)
