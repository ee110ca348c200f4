"""Make the environment that `make run` and `make test` need, from nothing but Python and pip.

`python scripts/bootstrap.py install|dev|heic` creates .venv with the locked packages (`heic` with
the optional decoder of that name). uv does it in
seconds and is itself installed into .tools; where uv cannot be had, pip installs the same
versions. A stamp of the inputs makes a second call a matter of milliseconds.

Written for the oldest Python that might run it, so that the wrong one gets a clear sentence.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS = os.path.join(ROOT, ".tools")
VENV = os.path.join(ROOT, ".venv")
NEEDED = (3, 11)
NEEDED_BYTES = 1500 * 1000 * 1000
EXTRAS = ("heic",)
NEWEST_FIRST = ("python3.14", "python3.13", "python3.12", "python3.11")


def fail(message):
    """One clear sentence, no traceback."""
    sys.stderr.write("\narmarium: " + message + "\n")
    sys.exit(1)


def say(message):
    """Progress on stderr, so that stdout stays a program's."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def require_python():
    """Go on with a newer Python where this one is too old and a newer one is on the path."""
    if sys.version_info[:2] >= NEEDED:
        return
    for name in NEWEST_FIRST:
        found = getattr(shutil, "which", lambda _name: None)(name)
        if found:
            os.execv(found, [found] + sys.argv)
    fail(
        "Python %d.%d or newer is needed; this is %d.%d. Install it, or name one with "
        "`make PYTHON=/path/to/python3.11 ...`." % (NEEDED + tuple(sys.version_info[:2]))
    )


def require_writable_disk():
    """A read-only folder or a full disk is told before anything is half made."""
    probe = os.path.join(ROOT, ".write-probe")
    try:
        with open(probe, "w") as handle:
            handle.write("x")
        os.remove(probe)
    except (IOError, OSError) as error:
        fail("this folder cannot be written to (%s). Copy the project to one that can." % error)
    free = shutil.disk_usage(ROOT).free
    if not os.path.isdir(VENV) and free < NEEDED_BYTES:
        fail(
            "%d MB are free here and %d MB are needed to install. Free some space, then repeat."
            % (free // 10**6, NEEDED_BYTES // 10**6)
        )


def stamp_of(group):
    """A hash of all that decides what the environment holds."""
    digest = hashlib.sha256((group + sys.version + ROOT).encode())
    for name in ("pyproject.toml", "uv.lock"):
        with open(os.path.join(ROOT, name), "rb") as handle:
            digest.update(handle.read())
    return digest.hexdigest()


def run(command, **more):
    """Show what runs; a failure ends here with its exit status."""
    done = subprocess.call(command, cwd=ROOT, **more)
    if done:
        fail("`%s` failed (exit %d); the lines above say why." % (" ".join(command), done))


def pip_index():
    """A package index set for pip, which uv would not read."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or None


def find_uv():
    """The path of uv, installed into .tools on first use; None where it cannot be had."""
    present = os.path.join(TOOLS, "uv", "bin", "uv")
    if os.path.exists(present):
        return present
    say("Fetching the installer ...")
    made = subprocess.call([sys.executable, "-m", "venv", os.path.join(TOOLS, "uv")])
    pip = os.path.join(TOOLS, "uv", "bin", "pip")
    if made == 0 and subprocess.call([pip, "install", "--quiet", "uv>=0.9"]) == 0:
        return present
    return None


def sync_with_uv(uv, group):
    """Install exactly the lock; False where uv cannot. `--inexact` keeps another target's packages.

    The system's certificates count, as they do for pip: a proxy's may be among them.
    """
    command = [uv, "sync", "--frozen", "--inexact", "--python", sys.executable]
    if group != "dev":
        command.append("--no-dev")
    if group in EXTRAS:
        command += ["--extra", group]
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
    return subprocess.call(command, cwd=ROOT, env=environment) == 0


def has_pip(python):
    """Whether that interpreter is there and can install by itself."""
    if not os.path.exists(python):
        return False
    asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def sync_with_pip(uv, group):
    """The same versions by pip: its index settings count, and no uv is needed to install."""
    python = os.path.join(VENV, "bin", "python")
    if not has_pip(python):  # also one that uv made
        run([sys.executable, "-m", "venv", VENV])
    if uv:
        pins = os.path.join(TOOLS, "requirements.txt")
        export = [uv, "export", "--frozen", "--no-hashes", "--no-emit-project", "-q", "-o", pins]
        extra = ["--extra", group] if group in EXTRAS else []
        run([*export, *([] if group == "dev" else ["--no-dev"]), *extra])
        run([python, "-m", "pip", "install", "-r", pins])
    groups = ["--group", "dev"] if group == "dev" and not uv else []
    if groups:
        run([python, "-m", "pip", "install", "--upgrade", "pip>=25.1"])
    project = ".[%s]" % group if group in EXTRAS else "."
    run([python, "-m", "pip", "install", "-e", project, *groups])


def main(group):
    """Bring .venv to what `group` needs, or say in a sentence why that is not possible."""
    require_python()
    os.makedirs(TOOLS, exist_ok=True) if os.access(ROOT, os.W_OK) else None
    require_writable_disk()
    marker = os.path.join(VENV, ".stamp-" + group)
    stamp = stamp_of(group)
    for name in {group, "dev"}:
        path = os.path.join(VENV, ".stamp-" + name)
        if os.path.exists(path) and open(path).read() == stamp_of(name):
            return
    say("Installing Armarium's packages (once, about half a minute) ...")
    uv = find_uv()
    if not (uv and not pip_index() and sync_with_uv(uv, group)):
        say("Installing by pip ...")
        sync_with_pip(uv, group)
    with open(marker, "w") as handle:
        handle.write(stamp)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "install")
