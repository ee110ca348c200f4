"""Whatever is sent, each operation answers as its document says, and never with a 5xx."""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.live import live_server

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
ANONYMOUS = {"auth_logout", "me_password"}
"""With a token, the first would end the session that all other requests use; the second may."""

SAME_HANDLERS = ("cards_", "books_", "artworks_")
"""Other paths to what the `items_` operations do: tried at length only."""


@pytest.fixture(scope="module")
def address(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    options = Settings(data=tmp_path_factory.mktemp("data"), log_level="error")
    with live_server(cheap(build(options, module_database_urls))) as url:
        yield url


@pytest.fixture(scope="module")
def token(address: str) -> str:
    body = {"email": "fuzz@example.org", "password": PASSWORD}
    return httpx2.post(f"{address}/api/v1/auth/register", json=body).json()["access_token"]


@pytest.fixture(scope="module")
def schema(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/api/openapi.json")


def broken_promises(
    schema: Any,
    token: str,
    *,
    examples: int,
    mode: GenerationMode,
    every: int = 1,
    skipped: tuple[str, ...] = (),
) -> dict[str, str]:
    """What went wrong, by operation; nothing when all is well."""
    found: dict[str, str] = {}
    tried = 0
    for result in itertools.islice(schema.get_all_operations(), 0, None, every):
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if _streams(operation) or name.startswith(skipped):
            continue
        headers = {} if name in ANONYMOUS else {"Authorization": f"Bearer {token}"}
        tried += 1
        try:
            _try(operation, headers, examples=examples, mode=mode)
        except Unsatisfiable:
            continue
        except (FailureGroup, Failure) as failure:
            found[name] = str(failure)
    assert tried > 10
    return found


def _try(operation: Any, headers: dict[str, str], *, examples: int, mode: GenerationMode) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    run()


def _streams(operation: Any) -> bool:
    answers = operation.definition.raw["responses"].values()
    return any("text/event-stream" in answer.get("content", {}) for answer in answers)


MODES = pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@MODES
def test_each_operation_keeps_its_word(schema: Any, token: str, mode: GenerationMode) -> None:
    """Of what no honest program sends, a third here and the whole at length."""
    every = 3 if mode is GenerationMode.NEGATIVE else 1
    _keep_word(schema, token, mode, examples=1, every=every, skipped=SAME_HANDLERS)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@MODES
def test_each_operation_keeps_its_word_at_length(
    schema: Any, token: str, mode: GenerationMode
) -> None:
    _keep_word(schema, token, mode, examples=25)


def _keep_word(schema: Any, token: str, mode: GenerationMode, **how: Any) -> None:
    found = broken_promises(schema, token, mode=mode, **how)
    assert not found, "\n".join(f"{name}: {said}" for name, said in found.items())
