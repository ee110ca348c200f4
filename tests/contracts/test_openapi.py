"""The OpenAPI document is a promise: what it says is committed, complete and reviewed."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from armarium.entry import openapi
from armarium.entry.description import operations

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.offline_document()


def test_the_contract_is_the_one_of_the_code(document: dict[str, Any]) -> None:
    """Run `python -m armarium.entry.openapi` and read the difference before committing it."""
    assert json.loads(openapi.CONTRACT.read_text()) == json.loads(openapi.contract_text(document))


def test_every_operation_is_named_and_said(document: dict[str, Any]) -> None:
    found = list(operations(document))
    names = Counter(operation["operationId"] for _, _, operation in found)
    assert [name for name, count in names.items() if count > 1] == []
    for method, path, operation in found:
        where = f"{method} {path}"
        assert SNAKE.fullmatch(operation["operationId"]), f"{where} names no operation_id"
        assert operation.get("summary"), f"{where} has no summary"
        assert not operation["summary"].endswith("."), where
        assert operation.get("tags"), f"{where} belongs to no room"


def test_every_json_body_has_an_example(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media_type, media in (
            item for body in bodies for item in body.get("content", {}).items()
        ):
            if media_type == "application/json":
                assert "example" in media or "examples" in media, f"{method} {path}"


ISSUER = ("/oauth/", "/api/v1/me/authorization/page", "/api/v1/me/authorization/leaving")


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        # A sick server's health report (503) is an answer, not a refusal.
        statuses = {s for s in operation["responses"] if s >= "400" and s != "503"}
        refusals = {status: operation["responses"][status] for status in statuses}
        assert "500" in refusals
        if operation.get("security") != []:
            assert "401" in refusals, f"{method} {path}"
        for status, response in refusals.items():
            # Pages of our issuer refuse people in a page, its endpoints programs as RFC 6749 says.
            standard = status in {"400", "401"} and path.startswith(ISSUER)
            media = set(response["content"])
            assert media == {"application/problem+json"} or (
                standard and media <= {"text/html", "application/json", "application/problem+json"}
            ), (path, status)


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    text = json.dumps(document)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named <= schemas.keys()
