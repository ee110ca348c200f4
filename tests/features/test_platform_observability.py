"""Log lines as the people who run it read them."""

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from asgi_correlation_id import correlation_id

from armarium.platform.observability import Build, configure_logging, current_request_id
from armarium.platform.observability import build as builds
from armarium.platform.observability.logs import redact


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root, dbos = logging.getLogger(), logging.getLogger("dbos")
    kept = root.handlers[:], root.level, dbos.handlers[:], dbos.level
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    yield stream
    root.handlers[:], dbos.handlers[:] = kept[0], kept[2]
    root.setLevel(kept[1])
    dbos.setLevel(kept[3])
    structlog.configure(**before)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_json_with_the_agreed_names(out: io.StringIO) -> None:
    token = correlation_id.set("req-1")
    structlog.get_logger("armarium.http").info(
        "request", user_id="u", operation="items_list", duration_ms=1.5, status=200
    )
    correlation_id.reset(token)
    (line,) = lines(out)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line == {
        "level": "info",
        "message": "request",
        "request_id": "req-1",
        "user_id": "u",
        "operation": "items_list",
        "duration_ms": 1.5,
        "status": 200,
    }


def test_libraries_speak_through_the_same_pipe_and_quietly(out: io.StringIO) -> None:
    logging.getLogger("some.library").warning("careful: %s", 3)
    for quiet in ("dbos", "pyvips"):
        logging.getLogger(quiet).info("chatter")
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        structlog.get_logger().exception("broke")
    first, second = lines(out)
    assert (first["level"], first["message"]) == ("warning", "careful: 3")
    assert (second["level"], second["message"]) == ("error", "broke")
    assert "ZeroDivisionError" in second["exception"]


def test_a_jobs_lines_carry_the_request_that_asked_for_it(out: io.StringIO) -> None:
    assert current_request_id() is None
    with structlog.contextvars.bound_contextvars(request_id="req-2", workflow_id="w"):
        assert current_request_id() == "req-2"
        structlog.get_logger().info("step")
    (line,) = lines(out)
    assert (line["request_id"], line["workflow_id"]) == ("req-2", "w")


def test_secrets_are_struck_out_wherever_they_stand(out: io.StringIO) -> None:
    structlog.get_logger().info(
        "login",
        password="hunter2",
        headers={"Authorization": "Bearer abc.def", "accept": "*/*"},
        attempts=[{"refresh_token": "r"}],
        url="postgresql://arm_app:hunter2@db/armarium",
        detail="sent Bearer abc.def",
    )
    text = out.getvalue()
    assert "hunter2" not in text
    assert "abc.def" not in text
    (line,) = lines(out)
    assert line["headers"] == {"Authorization": "[redacted]", "accept": "*/*"}
    assert line["attempts"] == [{"refresh_token": "[redacted]"}]
    assert line["url"] == "postgresql://arm_app:[redacted]@db/armarium"


def test_what_is_no_secret_stays() -> None:
    kept = {"duration_ms": 1.5, "path": "/api/v1/items", "password": None, "n": (1, 2)}
    assert redact(kept) == {**kept, "n": [1, 2]}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    del out  # it puts the loggers back
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    configure_logging("info", "auto", stream)
    return stream


class TestAtATerminal:
    """A newcomer's first start printed JSON, a line for each file of the web app among it."""

    def test_lines_are_short_text(self, terminal: Terminal) -> None:
        structlog.get_logger("armarium.http").info(
            "request", request_id="r", user_id="u", operation="items_list", method="GET",
            path="/api/v1/items", duration_ms=12.34, status=200,
        )  # fmt: skip
        structlog.get_logger().info("worker_started", operation="worker", executor="x")
        structlog.get_logger().warning("limits_not_shared", error="Oops\x1b[2J")
        logging.getLogger("uvicorn.error").info("Application startup complete.")
        first, second, third = terminal.getvalue().splitlines()
        clock = r"\d\d:\d\d:\d\d  "
        assert re.fullmatch(clock + r"GET /api/v1/items  200  12 ms", first)
        assert re.fullmatch(clock + r"worker: worker started", second)
        assert re.fullmatch(clock + r"WARNING limits not shared  error=Oops \[2J", third)

    def test_an_error_is_one_line_with_its_cause_and_place(self, terminal: Terminal) -> None:
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            structlog.get_logger().exception("unexpected_error", path="/api/v1/x", method="GET")
        (line,) = terminal.getvalue().splitlines()
        assert "ERROR GET /api/v1/x unexpected error: ZeroDivisionError:" in line
        assert re.search(r"\(.*test_platform_observability\.py:\d+\)$", line)

    def test_who_debugs_sees_the_whole_traceback(self, terminal: Terminal) -> None:
        configure_logging("debug", "auto", terminal)
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            structlog.get_logger().exception("broke")
        assert "Traceback" in terminal.getvalue()

    def test_colors_unless_they_are_not_wanted(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("NO_COLOR")
        configure_logging("info", "auto", terminal)
        structlog.get_logger().error("broke")
        assert "\x1b[31mERROR\x1b[0m broke" in terminal.getvalue()

    def test_only_what_needs_a_person_is_said_unless_asked(self, terminal: Terminal) -> None:
        configure_logging(form="auto", stream=terminal)
        structlog.get_logger().info("worker_started")
        structlog.get_logger().warning("disk_full")
        assert re.findall(r"WARNING (.*)", terminal.getvalue()) == ["disk full"]
        assert len(terminal.getvalue().splitlines()) == 1
        for stream, form in ((io.StringIO(), "auto"), (Terminal(), "json")):
            configure_logging(form=form, stream=stream)
            structlog.get_logger().info("worker_started")
            assert json.loads(stream.getvalue())["message"] == "worker_started"

    def test_elsewhere_and_when_it_is_said_lines_are_json(self, terminal: Terminal) -> None:
        elsewhere = io.StringIO()
        configure_logging("info", "auto", elsewhere)
        structlog.get_logger().info("one")
        configure_logging("info", "json", terminal)
        structlog.get_logger().info("two")
        assert json.loads(elsewhere.getvalue())["message"] == "one"
        assert json.loads(terminal.getvalue())["message"] == "two"


def test_a_build_is_named_by_day_and_commit() -> None:
    assert Build("0.1.0", "9033e57", "2026-01-02").label == "2026.01.02-9033e57"
    assert Build("0.1.0").label == "0.1.0"


def test_a_release_build_knows_its_commit_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "_build.json"
    file.write_text('{"commit": "9033e57", "committed_on": "2026-01-02"}')
    monkeypatch.setattr(builds, "BUILD_FILE", file)
    builds.this_build.cache_clear()
    assert builds.this_build().label == "2026.01.02-9033e57"
    monkeypatch.setattr(builds, "BUILD_FILE", tmp_path / "missing.json")
    monkeypatch.setattr(builds, "CHECKOUT", tmp_path)
    builds.this_build.cache_clear()
    assert builds.this_build().commit is None
    builds.this_build.cache_clear()
