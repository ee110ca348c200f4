"""A stand-in for the inference process: answers each call with its pid, ends when idle."""

import os
import socket
import sys

from tests.support.small_child import note

IDLE_S = 0.3


def main() -> int:
    note("inference begins")
    listener = socket.socket(fileno=int(sys.argv[sys.argv.index("--fd") + 1]))
    listener.settimeout(IDLE_S)
    while True:
        try:
            caller, _address = listener.accept()
        except TimeoutError:
            note("inference ends")
            return 0
        with caller:
            if caller.recv(16) == b"die":
                os._exit(7)
            caller.sendall(str(os.getpid()).encode())


if __name__ == "__main__":
    sys.exit(main())
