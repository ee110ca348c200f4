"""`armarium scan FILES…`: photos to identified items, from the command line."""

import re
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from httpx2 import Response

from armarium.entry.remote import Remote, json_of, refuse, upload_name
from armarium.entry.terminal import CommandError, put_json, put_rows, say

ENDED = {"done", "failed"}
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 1.0
SCAN_FAILED = 5
FILE = re.compile(r"/files/(\d+)")

Files = Annotated[
    list[Path], typer.Argument(help="Photos: JPEG, PNG, WebP, TIFF, or HEIC after `make heic`.")
]


def scan(
    files: Files,
    *,
    kind: Annotated[str | None, typer.Option(help="card, book, art or generic.")] = None,
    catalogue: Annotated[str | None, typer.Option(help="Only this catalogue, by name.")] = None,
    wait: Annotated[bool, typer.Option(help="Wait until everything is read.")] = True,
    timeout: Annotated[float, typer.Option(help="Seconds to wait at most.")] = 600.0,
    url: Annotated[str | None, typer.Option(help="Server, when not the one logged in to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Scan photos and print what was found in them."""
    folders = [str(file) for file in files if file.is_dir()]
    if folders:
        raise CommandError(
            f"{folders[0]} is a folder; name the photos in it: {Path(folders[0]) / '*.jpg'}", code=2
        )
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise CommandError(f"No such file: {', '.join(missing)}.", code=2)
    remote = Remote(url)
    sent = list(files)
    started = start(remote, sent, {"kind": kind, "catalogue": catalogue})
    scan_id = started["id"]
    if wait:
        found = follow(remote, scan_id, timeout)
        show(found, len(sent), as_json=as_json)
        if found["status"] == "failed":
            raise CommandError(f"The scan failed: {found['error']}", code=SCAN_FAILED)
    else:
        put_json(started)
    if len(sent) < len(files):
        raise CommandError(f"{len(files) - len(sent)} of {len(files)} files were left out.")


def show(found: dict[str, Any], photos: int, *, as_json: bool) -> None:
    """What was found, for a program or for a person."""
    if as_json:
        put_json(found)
        return
    put_rows([row_of(each) for each in found["detections"]], ["decision", "score", "title"])
    in_photos = "1 photo" if photos == 1 else f"{photos} photos"
    say(f"{len(found['detections'])} found in {in_photos}.")


def start(remote: Remote, files: list[Path], form: dict[str, str | None]) -> dict[str, Any]:
    """Upload the photos as one scan. What is no photo is named and taken out of `files`."""
    data = {name: value for name, value in form.items() if value}
    while True:
        with ExitStack() as opened:
            parts = [
                ("files", (upload_name(file), opened.enter_context(file.open("rb"))))
                for file in files
            ]
            answer = remote.send("POST", "/api/v1/scans", files=parts, data=data)
        if not (refused := refused_files(answer, len(files))):
            refuse(answer)
            return json_of(answer)
        for at in sorted(refused, reverse=True):
            say(f"{files.pop(at)}: {refused[at]}")
        if not files:
            raise CommandError("None of these is a photo; nothing was scanned.")


def refused_files(answer: Response, count: int) -> dict[int, str]:
    """What the server says of single files, by their place."""
    if answer.is_success:
        return {}
    try:
        errors = answer.json().get("errors", [])
    except ValueError:
        return {}
    found = ((FILE.fullmatch(str(each["pointer"])), str(each["detail"])) for each in errors)
    places = {int(place[1]): detail for place, detail in found if place}
    return {at: detail for at, detail in places.items() if at < count}


def follow(remote: Remote, scan_id: str, timeout: float) -> dict[str, Any]:
    """Ask until the scan has ended, less and less often."""
    deadline, pause = time.monotonic() + timeout, FIRST_WAIT_S
    while True:
        found = remote.json("GET", f"/api/v1/scans/{scan_id}")
        if found["status"] in ENDED:
            return found
        if time.monotonic() > deadline:
            raise CommandError(
                f"The scan {scan_id} goes on in the background; look again with "
                f"`armarium call scans_get --param scan_id={scan_id}`."
            )
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_WAIT_S)


def row_of(detection: dict[str, Any]) -> dict[str, Any]:
    """A detection as a line of the table."""
    best = next(iter(detection["candidates"]), None)
    return {
        "decision": detection["decision"],
        "score": "" if best is None else f"{best['score']:.2f}",
        "title": "" if best is None else best["title"],
    }
