"""`make dev`: the product on 8400, started again when Python changes, and the web app on 5173.

The database belongs to `armarium up` and lives as long as it; the web server proxies to the API.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
LOOK_EVERY_S = 1.0


def newest() -> float:
    """When Python code last changed."""
    return max(path.stat().st_mtime for path in SOURCES.rglob("*.py"))


def start() -> subprocess.Popen[bytes]:
    """The whole product, in the foreground of this program."""
    # Who works on the program wants to see each request, also at a terminal.
    variables = {"ARMARIUM_LOG_LEVEL": "info", **os.environ}
    command = [str(ROOT / ".venv" / "bin" / "armarium"), "up"]
    return subprocess.Popen(command, cwd=ROOT, env=variables)


def web() -> subprocess.Popen[bytes]:
    """The web app's own server, with the browser reloading what changed."""
    script = [sys.executable, str(ROOT / "scripts" / "build_web.py"), "dev"]
    return subprocess.Popen(script, cwd=ROOT)


def main() -> int:
    """Run until Ctrl-C."""
    if not os.access(SOURCES, os.R_OK):
        print("run this from a checkout", file=sys.stderr)
        return 1
    product, pages, seen = start(), web(), newest()
    try:
        while product.poll() is None:
            time.sleep(LOOK_EVERY_S)
            if (changed := newest()) != seen:
                seen = changed
                product.send_signal(signal.SIGTERM)
                product.wait()
                product = start()
    except KeyboardInterrupt:
        pass
    finally:
        for process in (product, pages):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait()
    return product.returncode or 0


if __name__ == "__main__":
    sys.exit(main())
