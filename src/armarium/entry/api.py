"""The HTTP door: the rooms' routes behind the middleware, and the pages beside them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from armarium.entry import web
from armarium.entry.databases import urls_of
from armarium.entry.description import document
from armarium.entry.limiting import limits_of
from armarium.entry.serving import server_config
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.accounts import Factors
from armarium.platform.audit import AuditLog
from armarium.platform.events.serving import StreamingServer
from armarium.platform.http import (
    Addresses,
    Authentication,
    Authenticator,
    Guards,
    Idempotency,
    RateLimits,
    Timeouts,
    UnexpectedErrors,
    problems,
)
from armarium.platform.http.closing import Closing
from armarium.platform.http.enrolment import Enrolment
from armarium.platform.http.impersonation import Impersonation
from armarium.platform.observability import configure_logging
from armarium.ports.limits import LimitStore

API_PREFIX = "/api/v1"
EXPOSED = [
    "Link",
    "ETag",
    "Location",
    "X-Request-ID",
    "X-Total-Count",
    "Idempotency-Replayed",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
]
LEAST_COMPRESSED = 1000


def create_app(house: House) -> FastAPI:
    """The application of one house; its lifespan starts and stops the house."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        await house.start()
        yield
        await house.stop()

    app = FastAPI(
        title="Armarium",
        version=version("armarium"),
        summary="The self-hosted cabinet for collectors.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = house.services
    app.state.trusted_origins = trusted_origins(house)
    app.state.public_url = house.settings.public_url
    app.state.base_url = house.settings.base_url
    for router in house.open_doors():
        app.include_router(router, prefix="" if is_rooted(router) else API_PREFIX)
    problems.install(app)
    app.openapi = lambda: document(app)

    @app.get(web.OPENAPI_PATH, include_in_schema=False)
    @web.public
    async def openapi() -> dict[str, Any]:
        return app.openapi()

    web.install(app, house.settings)
    _add_middleware(app, house)
    return app


def trusted_origins(house: House) -> tuple[str, ...]:
    """Origins besides the request's own host whose pages may use the cookie."""
    settings = house.settings
    return (*settings.cors_origins, *((settings.public_url,) if settings.public_url else ()))


def is_rooted(router: APIRouter) -> bool:
    """A router whose paths stand outside /api/v1 (health, keys, logins) says so in its prefix."""
    return router.prefix.startswith(("/healthz", "/.well-known", "/auth/callback", "/oauth"))


def _add_middleware(app: FastAPI, house: House) -> None:
    """The last one added sees the request first."""
    settings = house.settings
    app.add_middleware(Idempotency, database=house.database)
    factors = house.get(Factors)
    app.add_middleware(
        Enrolment,
        is_missing=lambda caller: factors.is_missing(caller.role, proved=caller.second_factor),
    )
    app.add_middleware(Closing)
    app.add_middleware(Impersonation, write=house.get(AuditLog).write)
    store, limits = house.services[LimitStore], limits_of(settings)
    app.add_middleware(RateLimits, store=store, limits=limits, by="caller")
    app.add_middleware(
        Authentication,
        routes=lambda: app.routes,
        authenticator=house.get(Authenticator),
        trusted_origins=trusted_origins(house),
    )
    app.add_middleware(RateLimits, store=store, limits=limits, by="address")
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(Timeouts, seconds=settings.request_timeout_seconds)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=5)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_credentials=True,
            expose_headers=EXPOSED,
        )
    app.add_middleware(
        Guards, max_body=settings.max_body_bytes, max_upload=settings.max_upload_bytes
    )
    app.add_middleware(CorrelationIdMiddleware)
    app.add_middleware(Addresses, **proxies_of(settings))


def proxies_of(settings: Settings) -> dict[str, Any]:
    """How many proxies are believed; one on this machine where only `public_url` is set."""
    if settings.trusted_hops is not None:
        return {"trusted_hops": settings.trusted_hops}
    return {"trusted_hops": 1 if settings.public_url else 0, "only_local_proxy": True}


def main() -> None:
    """Run the API until SIGTERM or Ctrl-C; waits for the database of `armarium up`."""
    settings = Settings()
    configure_logging(settings.log_level, settings.log_format)
    house = build(settings, urls_of(settings))
    config = server_config(create_app(house), house)
    StreamingServer(config, on_exit=house.let_go).run()


if __name__ == "__main__":
    main()
