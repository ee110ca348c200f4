"""A stand-in for the API or a worker: keeps a diary, listens on PORT, obeys SIGTERM.

What it should do wrong is told by variables: `API=crash`, `PREPARE=fail`, `WORKER=deaf`.
"""

import os
import signal
import socket
import sys
import time
from pathlib import Path


def note(what: str) -> None:
    with Path(os.environ["DIARY"]).open("a", encoding="utf-8") as diary:
        diary.write(f"{what} {os.getpid()}\n")


def main() -> int:
    role = sys.argv[1]
    behavior = os.environ.get(role.upper(), "")
    note(f"{role} begins")
    if role == "prepare":
        return 1 if behavior == "fail" else 0
    if behavior == "crash":
        return 1

    def end(*_: object) -> None:
        if behavior != "deaf":
            note(f"{role} ends")
            sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    if role == "api":
        server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
        while True:
            server.accept()[0].close()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
