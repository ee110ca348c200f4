"""TLS before a PostgreSQL server, by the wire protocol's own rules.

The bundled server binaries speak no TLS, a client's libpq does: this answers its SSLRequest, makes
the handshake and passes everything else on. A client that asks for no TLS is hung up on, as by a
server whose pg_hba.conf has `hostssl` lines only.

`python -m tests.support.tls_front PORT CERTIFICATE KEY` stands before 127.0.0.1:PORT by hand.
"""

import asyncio
import contextlib
import ssl
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

from anyio.from_thread import start_blocking_portal

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""https://www.postgresql.org/docs/18/protocol-message-formats.html"""
CHUNK = 65536


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
    target.close()


class TlsFront:
    """One listener; `connections` counts those that came in encrypted."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._port = port
        self._context = context
        self.connections = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, until either side ends it."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST:
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(self._context)
                self.connections += 1
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
                async with asyncio.TaskGroup() as ways:
                    ways.create_task(_pass_on(reader, far_writer))
                    ways.create_task(_pass_on(far_reader, writer))
        writer.close()


@contextlib.asynccontextmanager
async def _listening(front: TlsFront) -> AsyncGenerator[int]:
    async with await asyncio.start_server(front.answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@contextlib.contextmanager
def tls_front(port: int, certificate: Path, key: Path) -> Generator[tuple[int, TlsFront]]:
    """The port to connect to, and the front itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["postgresql"])
    front = TlsFront(port, context)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_listening(front)) as where,
    ):
        yield where, front


def main() -> None:
    port, certificate, key = sys.argv[1:]
    with tls_front(int(port), Path(certificate), Path(key)) as (where, _front):
        sys.stderr.write(f"127.0.0.1:{where}\n")
        threading.Event().wait()


if __name__ == "__main__":
    main()
