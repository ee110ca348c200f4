"""`armarium call`: any operation of the API from the command line, by the OpenAPI document."""

import difflib
import json
import mimetypes
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from armarium.entry.remote import Remote, next_page, refuse, upload_name
from armarium.entry.terminal import CommandError

USAGE = 2


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    summary: str
    parameters: Mapping[str, Mapping[str, Any]]
    body: Mapping[str, Any]
    """Media types of the request body, by name."""


@dataclass(slots=True)
class Request:
    """What the options of the command amount to."""

    path: str
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    headers: dict[str, str] = field(default_factory=dict[str, str])


def operations_of(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Every operation by its id."""
    found: dict[str, Operation] = {}
    for path, methods in document["paths"].items():
        for method, spec in methods.items():
            parameters = {item["name"]: item for item in spec.get("parameters", [])}
            found[spec["operationId"]] = Operation(
                id=spec["operationId"],
                method=method.upper(),
                path=path,
                summary=spec.get("summary", ""),
                parameters=parameters,
                body=spec.get("requestBody", {}).get("content", {}),
            )
    return found


def find(operations: Mapping[str, Operation], name: str) -> Operation:
    """The operation, or an error that names those that sound alike."""
    if name in operations:
        return operations[name]
    close = difflib.get_close_matches(name, operations, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise CommandError(
        f"There is no operation {name}.{hint} See `armarium call --list`.", code=USAGE
    )


def prepare(operation: Operation, given: Sequence[str]) -> Request:
    """Put each `name=value` where the operation takes it; a repeated name makes a list."""
    request = Request(operation.path)
    seen: set[str] = set()
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator:
            raise CommandError(f"--param takes name=value, not {pair}.", code=USAGE)
        place = _place(operation, name)
        seen.add(name)
        if place == "path":
            request.path = request.path.replace(f"{{{name}}}", quote(value, safe=""))
        elif place == "header":
            request.headers[name] = value
        else:
            request.query.append((name, value))
    missing = [
        name
        for name, spec in operation.parameters.items()
        if spec.get("required") and name not in seen
    ]
    if missing:
        needed = " ".join(f"--param {name}=…" for name in missing)
        raise CommandError(f"{operation.id} needs {needed}", code=USAGE)
    return request


def _place(operation: Operation, name: str) -> str:
    if name not in operation.parameters:
        known = ", ".join(operation.parameters) or "none"
        raise CommandError(
            f"{operation.id} has no parameter {name}; it takes: {known}.", code=USAGE
        )
    return operation.parameters[name]["in"]


def read_body(text: str | None) -> Any:
    """JSON from the text itself, from `@file`, or from `-` (standard input)."""
    if text is None:
        return None
    if text.startswith("@"):
        source = _read(Path(text[1:])).decode(errors="replace")
    else:
        source = sys.stdin.read() if text == "-" else text
    try:
        return json.loads(source)
    except ValueError as error:
        raise CommandError(f"The body is not JSON: {error}.", code=USAGE) from error


def read_files(
    operation: Operation, given: Sequence[str], document: Mapping[str, Any]
) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Each `path` or `field=path` as a part of the form."""
    parts: list[tuple[str, tuple[str, bytes, str]]] = []
    for item in given:
        name, separator, path = item.partition("=")
        if not separator or Path(item).exists():
            name, path = _file_field(operation, document), item
        file = Path(path)
        content = _read(file)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        parts.append((name, (upload_name(file), content, kind)))
    return parts


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}.", code=USAGE) from error


def _file_field(operation: Operation, document: Mapping[str, Any]) -> str:
    """The field of the form that takes files, when there is but one."""
    form = operation.body.get("multipart/form-data")
    if form is None:
        raise CommandError(f"{operation.id} takes no files.", code=USAGE)
    schema = form["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    names = [name for name, spec in schema.get("properties", {}).items() if _is_file(spec)]
    if len(names) != 1:
        raise CommandError(f"Name the field: --file field=path ({', '.join(names)}).", code=USAGE)
    return names[0]


def _is_file(spec: Mapping[str, Any]) -> bool:
    text = json.dumps(spec)
    return '"binary"' in text or "contentMediaType" in text


def call(
    remote: Remote,
    name: str,
    *,
    params: Sequence[str],
    body: str | None,
    files: Sequence[str],
) -> Iterator[httpx2.Response]:
    """Send the operation; yields the answer, then, as long as asked, the pages that follow."""
    document = remote.document()
    operation = find(operations_of(document), name)
    request = prepare(operation, params)
    parts = read_files(operation, files, document)
    content = read_body(body)
    options: dict[str, Any] = {"headers": request.headers}
    if parts:
        form = content or {}
        options |= {"files": parts, "data": {key: _form_value(form[key]) for key in form}}
    elif content is not None:
        options["json"] = content
    answer = remote.send(operation.method, request.path, params=request.query, **options)
    refuse(answer)
    yield answer
    while following := next_page(answer):
        answer = remote.send("GET", following, headers=request.headers)
        refuse(answer)
        yield answer


def _form_value(value: Any) -> Any:
    return value if isinstance(value, str | list) else json.dumps(value)
