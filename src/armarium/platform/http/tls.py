"""HTTPS of the embedded server: TLS 1.2 at least, certificates that change while it runs."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Callable
from typing import Final

import structlog

from armarium.platform.http.certificates import Files

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2, with forward secrecy; those of 1.3 are good as they are."""
LOOKED_AFTER_S: Final = 60.0
LONGEST_HEAD: Final = 8192
HEAD_SECONDS: Final = 5.0
HOST: Final = re.compile(r"^(?P<name>\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::\d{1,5})?$")
TARGET: Final = re.compile(r"^/(?!/)[\x21-\x7e]{0,2000}$|^/$")

log = structlog.get_logger("armarium.tls")


def server_context(files: Files) -> ssl.SSLContext:
    """A context for the server's side."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(files.certificate, files.key)
    return context


class CertificateWatch:
    """Takes a renewed certificate into use without a restart (ACME clients replace the files)."""

    def __init__(
        self, context: ssl.SSLContext, files: Files, *, renew: Callable[[], object] | None = None
    ) -> None:
        """`renew` is asked first at every look: it may write the files anew."""
        self._context = context
        self._files = files
        self._renew = renew
        self._seen = self._stamp()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look every minute."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def look(self) -> bool:
        """Load the files again when they changed; a broken pair is left alone, with a warning."""
        try:
            if self._renew is not None:
                self._renew()
            if (stamp := self._stamp()) == self._seen:
                return False
            # First into a context of its own: a pair that does not fit must not reach the other.
            server_context(self._files)
            self._context.load_cert_chain(self._files.certificate, self._files.key)
        except (OSError, ssl.SSLError, ValueError) as error:
            log.warning("certificate_not_loaded", error=str(error))
            return False
        self._seen = stamp
        log.info("certificate_loaded", file=str(self._files.certificate))
        return True

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        stats = [file.stat() for file in (self._files.certificate, self._files.key)]
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_AFTER_S)
            await asyncio.to_thread(self.look)


class HttpRedirect:
    """A plain-HTTP port that only says: come back by HTTPS."""

    def __init__(self, *, host: str, port: int, https_port: int, default_host: str) -> None:
        self._host = host
        self._port = port
        self._https_port = https_port
        self._default_host = default_host
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(
            self._answer, self._host, self._port, limit=LONGEST_HEAD
        )

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    @property
    def port(self) -> int:
        """The port that it got."""
        return self._server.sockets[0].getsockname()[1] if self._server else self._port

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.response(head))
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass
        finally:
            writer.close()

    def response(self, head: bytes) -> bytes:
        """308 to the same address by HTTPS; 400 to what is no request."""
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1] if lines[0].count(" ") == 2 else ""  # noqa: PLR2004  # method, target, version
        if not TARGET.match(target):
            return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        given = [line[5:].strip() for line in lines[1:] if line[:5].lower() == "host:"]
        match = HOST.match(given[0]) if len(given) == 1 else None
        name = match["name"] if match else self._default_host
        port = "" if self._https_port == 443 else f":{self._https_port}"  # noqa: PLR2004  # of HTTPS
        return (
            f"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://{name}{port}{target}\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n"
        ).encode("latin-1")
