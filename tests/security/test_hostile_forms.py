"""Every operation that takes a form, with what a hostile or careless program sends: never a 5xx."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response

from armarium.entry import openapi
from armarium.entry.description import operations
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.kit.ids import new_id
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, cheap, register, running_app

# Starlette leaves the temporary file of a part without an end to the interpreter, which closes it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SAME_HANDLERS = ("cards_", "books_", "artworks_")
"""Other paths to what the `items_` operations do."""

EDGE = "----edge"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
VALUES = {
    "empty": b"",
    "nul": b"a\0b",
    "not utf-8": b"\xff\xfe\xfa",
    "script": b"<script>alert(1)</script>",
    "quote": b"' or '1'='1",
    "long": b"x" * 500_000,
    "number": b"9" * 400,
    "json": b'{"a":[' + b"[" * 3_000,
    "id of nobody": b"00000000-0000-0000-0000-000000000000",
    "direction": "\u202egnp.exe".encode(),
}
NAMES = {
    "plain": b"a.png",
    "up": b"../../../etc/passwd",
    "windows": b"C:\\\\nul",
    "nul": b"a\0.png",
    "not utf-8": b"\xff\xfe.png",
    "long": b"x" * 100_000,
    "empty": b"",
    "page": b"<img src=x onerror=alert(1)>.svg",
}
CONTENTS = {
    "nothing": b"",
    "nul": b"\0" * 100,
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "half a png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06",
    "half a jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "zip": b"PK\x03\x04" + b"\xff" * 60,
    "gzip": b"\x1f\x8b\x08" + b"\xff" * 60,
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "csv": b'"' + b"a," * 5_000,
}


@cache
def forms() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Method, path and fields of each operation that takes a form."""
    document = openapi.offline_document()
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for method, path, operation in operations(document):
        name = operation["operationId"]
        content = operation.get("requestBody", {}).get("content", {})
        for kind in FORMS:
            if kind in content and not name.startswith(SAME_HANDLERS):
                schema = content[kind]["schema"]
                shape = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
                found[name] = (method, path, shape["properties"])
    return found


def file_fields(fields: dict[str, Any]) -> list[str]:
    marks = ("contentMediaType", "'binary'")
    return [name for name, field in fields.items() if any(mark in str(field) for mark in marks)]


def piece(name: bytes, value: bytes, *, filename: bytes | None = None, kind: bytes = b"") -> bytes:
    head = b'Content-Disposition: form-data; name="' + name + b'"'
    if filename is not None:
        head += b'; filename="' + filename + b'"'
    if kind:
        head += b"\r\nContent-Type: " + kind
    return b"--" + EDGE.encode() + b"\r\n" + head + b"\r\n\r\n" + value + b"\r\n"


END = b"--" + EDGE.encode() + b"--\r\n"


async def send(person: Person, name: str, body: bytes, kind: str | None = None) -> Response:
    method, path, _ = forms()[name]
    address = path.replace("{item_id}", str(new_id()))
    headers = {"Content-Type": kind or f"multipart/form-data; boundary={EDGE}"}
    return await person.client.request(method, address, content=body, headers=headers)


@pytest.fixture(scope="module")
async def app(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    options = Settings(data=tmp_path_factory.mktemp("data"), log_level="error")
    async with running_app(cheap(build(options, module_database_urls))) as started:
        yield started


@pytest.fixture(scope="module")
async def person(app: FastAPI) -> Person:
    """The first account is the server's admin, who may import catalogues."""
    return await register(app)


def well(answer: Response, *what: object) -> None:
    assert answer.status_code < 500, (*what, answer.status_code, answer.text[:300])
    if answer.status_code >= 400:
        assert "json" in answer.headers["content-type"], what
        assert len(answer.content) < 20_000, what


def test_the_forms_are_known() -> None:
    assert {"scans_create", "catalogues_import", "items_add_images", "media_create"} <= set(forms())


@pytest.mark.parametrize("name", forms())
async def test_hostile_fields_break_nothing(person: Person, name: str) -> None:
    fields = forms()[name][2]
    for field in [*fields, "unknown", "__proto__", ""]:
        for what, value in VALUES.items():
            well(await send(person, name, piece(field.encode(), value) + END), name, field, what)
    for what, odd in {"nul": b"a\0b", "not utf-8": b"\xff", "long": b"n" * 100_000}.items():
        well(await send(person, name, piece(odd, b"1") + END), name, "field name", what)


@pytest.mark.parametrize("name", forms())
async def test_hostile_files_break_nothing(person: Person, name: str) -> None:
    fields = file_fields(forms()[name][2]) or ["file"]
    for field in fields:
        for what, filename in NAMES.items():
            body = piece(field.encode(), b"hello", filename=filename, kind=b"image/png") + END
            well(await send(person, name, body), name, field, "name", what)
        for what, content in CONTENTS.items():
            for kind in (b"image/png", b"text/csv", b"image/svg+xml", b"\xff\0nonsense"):
                body = piece(field.encode(), content, filename=b"a.bin", kind=kind) + END
                well(await send(person, name, body), name, field, what, kind)


@pytest.mark.parametrize("name", forms())
async def test_hostile_shapes_break_nothing(person: Person, name: str) -> None:
    fields = [field.encode() for field in forms()[name][2]]
    first = fields[0]
    whole = piece(first, b"hello", filename=b"a.png", kind=b"image/png")
    bodies = {
        "nothing": b"",
        "no end": whole,
        "cut": whole[: len(whole) // 2],
        "only the end": END,
        "every field as a file": b"".join(
            piece(field, b"x", filename=b"a", kind=b"image/png") for field in fields
        )
        + END,
        "every field as text": b"".join(piece(field, b"x") for field in fields) + END,
        "every field twice": b"".join(piece(field, b"x") for field in fields * 2) + END,
        "no name": b"--" + EDGE.encode() + b"\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END,
        "no disposition": b"--" + EDGE.encode() + b"\r\nX: y\r\n\r\nx\r\n" + END,
        "long header": b"--" + EDGE.encode() + b"\r\n" + b"X" * 50_000 + b": y\r\n\r\nx\r\n" + END,
        "many headers": b"--" + EDGE.encode() + b"\r\n" + b"X: y\r\n" * 5_000 + b"\r\nx\r\n" + END,
        "thousands of parts": piece(first, b"x") * 3_000 + END,
        "thousands of files": piece(first, b"x", filename=b"a.png") * 3_000 + END,
        "thousands of unknown fields": b"".join(
            piece(b"f%d" % number, b"x") for number in range(3_000)
        )
        + END,
    }
    for what, body in bodies.items():
        well(await send(person, name, body), name, what)
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 5_000}",
        f"multipart/form-data; boundary={EDGE}; charset=nonsense",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/json",
        "text/plain",
        "nonsense",
    ):
        well(await send(person, name, whole + END, kind), name, kind)
    pairs = b"&".join(b"f%d=1" % number for number in range(5_000))
    for what, body in {
        "pairs": pairs,
        "percent": b"%ff%00=%zz&%",
        "ampersands": b"&" * 9_000,
    }.items():
        well(await send(person, name, body, "application/x-www-form-urlencoded"), name, what)
