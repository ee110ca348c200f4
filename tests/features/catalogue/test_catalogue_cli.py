"""`armarium catalogue` on this machine's database."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from armarium.entry import cli
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.catalogues import write_shelf

Outcome = tuple[int, str, str]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_urls: DatabaseUrls,
    tmp_path: Path,
) -> Callable[..., Outcome]:
    """`run("list")`: exit code, output and messages of `armarium catalogue …`."""
    monkeypatch.setenv("ARMARIUM_DATA", str(tmp_path / "data"))
    for role in ("migrator", "app", "worker"):
        url = getattr(database_urls, role)
        monkeypatch.setenv(f"ARMARIUM_{role.upper()}_DATABASE_URL", url)

    def command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", "catalogue", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_a_file_goes_in_is_listed_and_goes(run: Callable[..., Outcome], tmp_path: Path) -> None:
    path = str(write_shelf(tmp_path / "shelf.csv"))
    code, out, _err = run("import", path, "--format", "csv", "--json", "--map", "tag=-")
    report = json.loads(out)
    assert (code, report["added"], report["skipped"]["no_title"]["count"]) == (0, 5, 1)

    code, _out, err = run("import", path, "--format", "csv", "--map", "tag=-", "--name", "Shelf")
    assert code == 0
    assert "5 unchanged" in err
    assert "Skipped: 1 no title, such as:" in err

    (shown,) = json.loads(run("list", "--json")[1])
    assert (shown["slug"], shown["entry_count"]) == ("shelf", 5)
    assert "would be deleted" in run("remove", "shelf")[2]
    assert "5 entries deleted" in run("remove", "shelf", "--yes")[2]
    assert run("list", "--json")[1].strip() == "[]"


def test_a_catalogue_is_called_as_the_person_says(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """It kept the file's title, whatever `--catalogue` said."""
    path = str(write_shelf(tmp_path / "export_2026_final.csv"))
    assert run("import", path, "--format", "csv", "--catalogue", "Our Library")[0] == 0
    (shown,) = json.loads(run("list", "--json")[1])
    assert (shown["slug"], shown["name"]) == ("our-library", "Our Library")

    again = run("import", path, "--format", "csv", "--catalogue", "our-library")
    assert "5 unchanged" in again[2]
    (shown,) = json.loads(run("list", "--json")[1])
    assert shown["name"] == "Our Library", "the short name does not rename it"

    assert (
        run("import", path, "--format", "csv", "--catalogue", "our-library", "--name", "N")[0] == 0
    )
    (shown,) = json.loads(run("list", "--json")[1])
    assert shown["name"] == "N"


def test_mistakes_are_one_clear_line(run: Callable[..., Outcome], tmp_path: Path) -> None:
    path = str(write_shelf(tmp_path / "shelf.csv"))
    for arguments, ends, told in (
        (("import", path, "--format", "pdf"), 2, "--format is one of"),
        (("import", "nowhere.csv", "--format", "csv"), 2, "There is no file"),
        (("import", path, "--format", "csv", "--map", "x=title"), 1, "There is no column “x”"),
        (("import", path, "--format", "csv", "--map", "x"), 2, "is not COLUMN=field"),
        (("remove", "nope"), 1, "There is no catalogue nope"),
    ):
        code, _out, err = run(*arguments)
        assert told in err
        assert code == ends, arguments
