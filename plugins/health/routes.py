"""HTTP for health, readiness and the link."""

from kernel.api import (
    OPTIONAL,
    PUBLIC,
    VERSION,
    ConnectFailed,
    Controller,
    Gateway,
    JSONBody,
    Mt4Failed,
    Mt4LoginFailed,
    Mt4Timeout,
    NamedDependency,
    Principal,
    Readiness,
    Response,
    ServiceUnavailable,
    Target,
    TooFrequent,
    VersionMismatch,
    get,
    post,
)
from plugins.health import answers

_SERVICE_UNAVAILABLE = 503
_STATUS = {
    "status": "ok",
    "connected": True,
    "server": "203.0.113.10:443",
    "login": 224,
    "pumping": True,
    "since": 1772899200,
    "reconnects": 0,
    "last_error": None,
}


class HealthController(Controller):
    """Whether to send requests here."""

    path = "/health"
    tags = ("health",)

    @get("/", scope=PUBLIC, mt4=False, example={"status": "ok", "service": "mt4-manager-api", "version": VERSION})
    async def get_health(self) -> answers.Health:
        """Ask whether the process answers; it looks at nothing else."""
        return answers.Health("mt4-manager-api", VERSION)

    @get(
        "/ready",
        scope=OPTIONAL,
        mt4=False,
        also={503: "Not ready: something that requests depend on is missing."},
        example={"status": "ok", "ready": True},
    )
    async def get_readiness(
        self, readiness: NamedDependency[Readiness], by: NamedDependency[Principal | None]
    ) -> Response[answers.Readiness]:
        """Ask whether requests would be served: store, link and pump. A token shows each check."""
        checks = tuple(await readiness.checks())
        ready = all(check.ok for check in checks)
        shown = answers.Readiness(status="ok" if ready else "error", ready=ready, checks=checks if by else ())
        return Response(shown, status_code=200 if ready else _SERVICE_UNAVAILABLE)


class LinkController(Controller):
    """The link to the trade server."""

    path = "/test"
    tags = ("connection",)

    @get(
        "/service-health",
        scope=PUBLIC,
        mt4=False,
        errors=(ServiceUnavailable,),
        example={"status": "ok", "service": "mt4-service", "connected": True},
    )
    async def get_service_health(self, gateway: NamedDependency[Gateway]) -> answers.ServiceHealth:
        """Ask whether the MT4 service answers, and whether it is logged in to the trade server."""
        return answers.ServiceHealth("mt4-service", await gateway.service_health())

    @get("/status", scope="server:read", mt4=False, example=_STATUS)
    async def get_status(self, gateway: NamedDependency[Gateway]) -> answers.Status:
        """Read the state of the link; being disconnected is a normal answer."""
        return answers.Status.of(gateway.status())

    @get("/ping", scope="server:read", example={"status": "ok", "ping": True, "latency_ms": 12.4})
    async def ping(self, gateway: NamedDependency[Gateway]) -> answers.Ping:
        """Send a ping to the trade server."""
        return answers.Ping(ping=True, latency_ms=await gateway.ping())

    @get(
        "/server-time",
        scope="server:read",
        example={"status": "ok", "server_time": 1772901814, "server_time_str": "2026-03-07 16:43:34 UTC"},
    )
    async def get_server_time(self, gateway: NamedDependency[Gateway]) -> answers.ServerTime:
        """Read the trade server's clock."""
        return answers.ServerTime.of(await gateway.server_time())

    @post(
        "/connect",
        scope="connection:manage",
        status_code=200,
        mt4=False,
        errors=(Mt4LoginFailed, ConnectFailed, VersionMismatch, Mt4Failed, Mt4Timeout, TooFrequent),
        request_example={"server": "203.0.113.10:443", "login": 224, "password": "your_manager_password"},
        example={"status": "ok", "message": "Connected and logged in successfully"},
    )
    async def connect(self, data: JSONBody[Target], gateway: NamedDependency[Gateway]) -> answers.Done:
        """Log in to a trade server in place of the present one, which stays when this fails."""
        await gateway.connect(data)
        return answers.Done("Connected and logged in successfully")

    @post(
        "/disconnect",
        scope="connection:manage",
        status_code=200,
        mt4=False,
        errors=(ServiceUnavailable,),
        example={"status": "ok", "message": "Disconnected"},
    )
    async def disconnect(self, gateway: NamedDependency[Gateway]) -> answers.Done:
        """Log out and stay out until the next connect or a restart."""
        await gateway.disconnect()
        return answers.Done("Disconnected")
