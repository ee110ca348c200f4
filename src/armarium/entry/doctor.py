"""`armarium doctor`: what works, what does not, and what to do about it. It changes nothing."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import psycopg

from armarium.entry.databases import urls_of
from armarium.entry.disks import is_encrypted
from armarium.entry.parent import CannotStart, accepts, require_port
from armarium.entry.settings import Settings
from armarium.entry.settings_unknown import unknown_settings
from armarium.entry.web import web_folder
from armarium.kinds import registry
from armarium.platform.database.migrations import head
from armarium.platform.postgres.binaries import MAJOR, locate
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.errors import PostgresError, StartFailed
from armarium.platform.postgres.folder import LEAST_FREE_BYTES, Folder, try_lock
from armarium.platform.postgres.inspection import Inspection, Wire, inspect
from armarium.platform.postgres.roles import MIN_SERVER
from armarium.platform.postgres.urls import parse, text_of

LEAST_PYTHON = (3, 11)
COMFORTABLE_BYTES = 2 * 1024**3
ATTACH_PATIENCE_S = 3.0
"""Whoever asks what is wrong is not to wait for a migration."""
NAME_WIDTH = len("database folder")
MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `advice` is empty when all is well."""

    name: str
    verdict: Verdict
    detail: str
    advice: str = ""


def doctor(settings: Settings, *, as_json: bool = False) -> int:
    """Print the findings as they come; the exit code is 1 when one of them is a failure."""
    found: list[Check] = []
    for check in findings(settings):
        found.append(check)
        if not as_json:
            sys.stdout.write(_lines(check))
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(json.dumps([asdict(check) for check in found], indent=2) + "\n")
    return int(any(check.verdict == "fail" for check in found))


def _lines(check: Check) -> str:
    said = f"{MARKS[check.verdict]}  {check.name:<{NAME_WIDTH}}  {check.detail}\n"
    return said + (f"      {'':<{NAME_WIDTH}}  → {check.advice}\n" if check.advice else "")


def findings(settings: Settings) -> Iterator[Check]:
    """Every check, in the order in which a start needs them."""
    yield check_python()
    yield check_settings()
    yield check_folder(settings)
    yield check_disk(settings)
    yield check_encryption(settings)
    external = settings.database_url is not None or settings.app_database_url is not None
    if not external:
        yield check_binaries()
        yield check_cluster(settings)
    running = is_running(settings)
    yield check_running(settings, running=running)
    yield from check_database(settings, external=external, running=running)
    yield check_kinds()
    yield check_models()
    yield check_pages(settings)
    yield check_mail(settings)


def check_python() -> Check:
    """The interpreter."""
    version = platform.python_version()
    if sys.version_info < LEAST_PYTHON:
        return Check("python", "fail", version, "Install Python 3.11 or later.")
    return Check("python", "ok", f"{version} ({sys.executable})")


def check_settings() -> Check:
    """Each variable and key of the settings file is one that is read."""
    unknown = unknown_settings()
    if not unknown:
        return Check("settings", "ok", "every name is known")
    return Check("settings", "warn", " ".join(unknown), "Correct the name, or take it away.")


def check_folder(settings: Settings) -> Check:
    """The data folder can be written, or made."""
    place, nearest = settings.data.absolute(), _nearest(settings)
    if not os.access(nearest, os.W_OK | os.X_OK):
        advice = "Choose another with ARMARIUM_DATA, or correct its permissions."
        return Check("data folder", "fail", f"{nearest} cannot be written", advice)
    return Check("data folder", "ok", str(place) + ("" if nearest == place else " (not made yet)"))


def check_disk(settings: Settings) -> Check:
    """Room for the database and the pictures."""
    free = shutil.disk_usage(_nearest(settings)).free
    verdict: Verdict = (
        "fail" if free < LEAST_FREE_BYTES else "warn" if free < COMFORTABLE_BYTES else "ok"
    )
    advice = "" if verdict == "ok" else "Free some space, or move the folder (ARMARIUM_DATA)."
    return Check("disk space", verdict, f"{free / 1024**3:.1f} GiB free", advice)


def check_encryption(settings: Settings) -> Check:
    """Whoever takes the disk along: a fact to know, no fault of the installation."""
    said = {
        True: "the data folder's disk is encrypted",
        False: "the data folder's disk is not encrypted; see docs/how-to/protect-data.md",
        None: "this system does not say whether the data folder's disk is encrypted",
    }
    return Check("encryption", "ok", said[is_encrypted(_nearest(settings))])


def _nearest(settings: Settings) -> Path:
    """The data folder, or what there is of the way to it."""
    place = settings.data.absolute()
    return next(parent for parent in (place, *place.parents) if _can_be_seen(parent))


def _can_be_seen(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return False


def check_binaries() -> Check:
    """The embedded server's binaries are there and run on this machine."""
    try:
        program = locate().program("postgres")
        done = subprocess.run(  # noqa: S603 # our own binary
            [program, "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except PostgresError as error:
        return Check("server binaries", "fail", str(error))
    except (OSError, subprocess.SubprocessError) as error:
        advice = "This machine cannot run them; set ARMARIUM_DATABASE_URL."
        return Check("server binaries", "fail", str(error), advice)
    return Check("server binaries", "ok", done.stdout.strip())


def check_cluster(settings: Settings) -> Check:
    """The data folder belongs to this major version."""
    folder = Folder(settings.data.absolute())
    try:
        folder.require_version()
    except PostgresError as error:
        return Check("database folder", "fail", str(error))
    except PermissionError:
        return Check("database folder", "ok", f"{folder.cluster} (another user's)")
    if not folder.cluster.exists():
        return Check("database folder", "ok", "made at the first start")
    return Check("database folder", "ok", f"{folder.cluster}, PostgreSQL {MAJOR}")


def is_running(settings: Settings) -> bool | None:
    """Whether an `armarium up` holds the data folder; None where only another user can tell."""
    lock = Folder(settings.data.absolute()).program_lock
    try:
        if not lock.exists():
            return False
        handle = try_lock(lock)
    except PermissionError:
        return None
    if handle is not None:
        os.close(handle)
    return handle is None


def check_running(settings: Settings, *, running: bool | None) -> Check:
    """Whether the address answers, or could be had."""
    address = f"{settings.host}:{settings.port}"
    if accepts(settings.host, settings.port):
        if running:
            return Check("address", "ok", f"Armarium answers on {settings.base_url}")
        if running is None:
            return Check("address", "warn", f"{address} answers, perhaps another user's Armarium")
        advice = f"Stop that program, or set ARMARIUM_PORT={settings.port + 1}."
        return Check("address", "fail", f"another program listens on {address}", advice)
    if running:
        return Check("address", "warn", f"Armarium runs but {address} does not answer")
    try:
        require_port(settings.host, settings.port)
    except CannotStart as error:
        return Check("address", "fail", str(error))
    return Check("address", "ok", f"{address} is free")


def check_database(settings: Settings, *, external: bool, running: bool | None) -> Iterator[Check]:
    """Connect where that can be done without creating anything, and judge what is there."""
    folder = Folder(settings.data.absolute())
    if running is None and not external:
        advice = "Ask again as the user whom the data folder belongs to."
        yield Check("database", "warn", "held or owned by another user", advice)
        return
    try:
        if external or running:
            seen = inspect(_best_url(settings))
        elif not folder.cluster.exists():
            yield Check("database", "ok", "made at the first start")
            return
        else:
            with Cluster.share(settings.data) as cluster:
                seen = inspect(cluster.urls.admin)
    except StartFailed as error:
        if not running:
            yield Check("database", "fail", str(error))
            return
        holder = folder.program_lock.read_text().strip() or "unknown"
        detail = (
            f"another program holds the data folder (process {holder}); its database is not ready"
        )
        yield Check("database", "warn", detail, "Ask again when it is done, or end it.")
        return
    except (PostgresError, psycopg.Error) as error:
        yield Check("database", "fail", str(error).strip())
        return
    yield from judge(seen)


def _best_url(settings: Settings) -> str:
    if settings.database_url is not None:
        return text_of(parse(settings.database_url.get_secret_value()))
    return urls_of(settings, patience_s=ATTACH_PATIENCE_S).admin


def judge(seen: Inspection) -> Iterator[Check]:
    """Findings about a database that answers."""
    number = int(seen.server.split(".")[0].split()[0]) * 10000
    new_enough = number >= MIN_SERVER
    size = f"{seen.size_bytes / 1024**2:.0f} MiB, {seen.connections} connections"
    yield Check(
        "database",
        "ok" if new_enough else "fail",
        f"PostgreSQL {seen.server}, {size}",
        "" if new_enough else "Armarium needs PostgreSQL 18 or later.",
    )
    yield _judge_wire(seen.wire)
    yield Check(
        "extension",
        "ok" if seen.vector else "fail",
        f"vector {seen.vector}" if seen.vector else "vector is missing",
        "" if seen.vector else "Run as administrator: create extension vector",
    )
    yield _judge_roles(seen)
    newest = head()
    at_head = seen.revision == newest
    yield Check(
        "schema",
        "ok" if at_head else "fail",
        f"revision {seen.revision or 'none'}" + ("" if at_head else f", this program is {newest}"),
        "" if at_head else "Run `armarium migrate`.",
    )
    loose = ", ".join(seen.unpoliced)
    yield Check(
        "row security",
        "fail" if loose else "ok",
        f"not enforced on {loose}" if loose else "every table with spaces is policed",
        "Run `armarium migrate`; if it stays, report a bug." if loose else "",
    )


def _judge_wire(wire: Wire) -> Check:
    if wire is Wire.LOCAL:
        return Check("connection", "ok", "does not leave this machine")
    if wire is Wire.VERIFIED:
        return Check("connection", "ok", "TLS, the server is verified")
    said = "TLS, but any server is believed" if wire is Wire.UNVERIFIED else "not encrypted"
    advice = "Add ?sslmode=verify-full&sslrootcert=CA.pem to the database's URL."
    return Check("connection", "warn", said, advice)


def _judge_roles(seen: Inspection) -> Check:
    if seen.missing_roles:
        return Check(
            "roles", "fail", f"missing: {', '.join(seen.missing_roles)}", "Run `armarium migrate`."
        )
    if seen.loose_roles:
        role = seen.loose_roles[0]
        return Check(
            "roles",
            "fail",
            f"{role} bypasses row-level security",
            f"Run as administrator: alter role {role} nosuperuser nobypassrls",
        )
    return Check("roles", "ok", "arm_migrator, arm_app, arm_wf")


def check_kinds() -> Check:
    """Plug-ins that bring kinds of their own; one that is refused brings nothing."""
    found = registry()
    if found.refused:
        said = "; ".join(f"{name}: {reason}" for name, reason in sorted(found.refused.items()))
        advice = "Update or remove these plug-ins; everything else works without them."
        return Check("kinds", "warn", said, advice)
    return Check("kinds", "ok", ", ".join(kind.name for kind in found))


def check_models() -> Check:
    """The libraries that the inference process loads; it is started when first needed."""
    missing = [name for name in ("onnxruntime", "cv2", "rapidocr", "tokenizers") if not _has(name)]
    if missing:
        advice = "Reinstall Armarium; recognition does not work without them."
        return Check("models", "fail", f"missing: {', '.join(missing)}", advice)
    return Check("models", "ok", "installed; the inference process starts when needed")


def _has(module: str) -> bool:
    return find_spec(module) is not None


def check_pages(settings: Settings) -> Check:
    """The built web app."""
    folder: Path | None = web_folder(settings)
    if folder is None:
        return Check("web app", "warn", "not built", "Run `make install`; the API works without.")
    return Check("web app", "ok", str(folder))


def check_mail(settings: Settings) -> Check:
    """Where letters go; nothing is sent."""
    mail = settings.mail
    if mail.host is None:
        detail = f"letters are written to {settings.mail_folder} (`armarium mail list`)"
        if settings.verify_email:
            advice = "People can't prove an address without letters; set ARMARIUM_MAIL__HOST."
            return Check("mail", "warn", detail, advice)
        return Check("mail", "ok", detail)
    detail = f"{mail.host}:{mail.port}, {mail.security}, as {mail.sender}"
    if mail.security == "none":
        advice = "Letters travel unencrypted; set ARMARIUM_MAIL__SECURITY=starttls or tls."
        return Check("mail", "warn", detail, advice)
    return Check("mail", "ok", detail)
