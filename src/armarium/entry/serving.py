"""The server around the application: its bounds, and HTTPS where it is wanted."""

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from armarium.entry.house import House
from armarium.entry.settings import Settings
from armarium.platform.http.protocol import PatientProtocol

SHUTDOWN_SECONDS = 10


def server_config(app: Any, house: House) -> uvicorn.Config:
    """How `app` is served; what runs beside it joins the house's starts and stops."""
    settings = house.settings
    context = None if settings.tls == "off" else _secure(house)
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the middleware `Addresses` reads them
        limit_concurrency=settings.max_connections,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ssl_context_factory=None if context is None else lambda _config, _default: context,
    )


def _secure(house: House) -> ssl.SSLContext:
    """The context of the server, its watch, and the port that leads to it."""
    from armarium.platform.http.certificates import Files, own_certificate  # noqa: PLC0415  # 20 MB that plain HTTP does not need
    from armarium.platform.http.tls import (  # noqa: PLC0415  # same
        CertificateWatch,
        HttpRedirect,
        server_context,
    )

    settings = house.settings
    renew: Callable[[], Files] | None = None
    if settings.tls == "files":
        files = Files(*_given_files(settings))
    else:
        renew = partial(own_certificate, settings.data / "tls", _own_names(settings))
        files = renew()
    context = server_context(files)
    beside: list[Any] = [CertificateWatch(context, files, renew=renew)]
    if settings.tls_redirect_port is not None:
        beside.append(
            HttpRedirect(
                host=settings.host,
                port=settings.tls_redirect_port,
                https_port=urlsplit(settings.base_url).port or settings.port,
                default_host=urlsplit(settings.base_url).hostname or "localhost",
            )
        )
    for each in beside:
        house.starts.append(each.start)
        house.stops.append(each.stop)
    return context


def _own_names(settings: Settings) -> list[str]:
    """Names that people use, as far as the settings tell."""
    public = urlsplit(settings.public_url or "").hostname
    return [settings.host, *([public] if public else [])]


def _given_files(settings: Settings) -> tuple[Path, Path]:
    if settings.tls_certificate is None or settings.tls_key is None:
        raise SystemExit("ARMARIUM_TLS=files needs ARMARIUM_TLS_CERTIFICATE and ARMARIUM_TLS_KEY.")
    for file in (settings.tls_certificate, settings.tls_key):
        if not file.is_file():
            raise SystemExit(f"{file} is not there, or may not be read.")
    return settings.tls_certificate, settings.tls_key
