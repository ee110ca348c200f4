"""The plan of the house as checks; each docstring names the accident that it prevents."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
AROUND = sorted(
    path
    for folder in ("bench", "migrations", "scripts", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
WEB = sorted(
    path
    for suffix in ("*.ts", "*.tsx")
    for path in (ROOT / "web" / "src").rglob(suffix)
    if "generated" not in path.parts and "api" not in path.relative_to(ROOT / "web/src").parts[:1]
)
MOST_FILE_LINES = 600
MOST_FUNCTION_LINES = 80
P95_FILE_LINES = 400
P95_FUNCTION_LINES = 40


def functions() -> list[tuple[int, str]]:
    """Code lines of every function, docstrings apart."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = 0
                if ast.get_docstring(node):
                    docstring = node.body[0].end_lineno - node.body[0].lineno + 1
                lines = node.end_lineno - node.lineno + 1 - docstring
                found.append((lines, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"))
    return found


def p95(sizes: list[int]) -> int:
    return sorted(sizes)[int(0.95 * (len(sizes) - 1))]


def test_no_function_outgrows_a_screen():
    """A function that needs scrolling hides a second one."""
    assert not [entry for entry in functions() if entry[0] > MOST_FUNCTION_LINES]
    assert p95([size for size, _where in functions()]) <= P95_FUNCTION_LINES


@pytest.mark.parametrize("paths", [SOURCES, AROUND, WEB], ids=["python", "around", "web"])
def test_no_file_outgrows_a_sitting(paths: list[Path]):
    """A module that nobody reads to the end collects whatever has no home."""
    sizes = [(path.read_text().count("\n"), str(path.relative_to(ROOT))) for path in paths]
    assert sizes
    assert not [entry for entry in sizes if entry[0] > MOST_FILE_LINES]
    assert p95([size for size, _path in sizes]) <= P95_FILE_LINES


def test_no_modules_import_each_other_in_a_circle():
    """Two modules that need each other are one module, told in two places."""
    graph = grimp.build_graph("armarium", exclude_type_checking_imports=False)
    imports = {
        module: graph.find_modules_directly_imported_by(module)
        - {module.rsplit(".", 1)[0]}  # a package's face names its own modules
        for module in graph.modules
    }
    list(TopologicalSorter(imports).static_order())


def test_rooms_know_only_each_others_faces():
    """What another room's inside is used for, its owner no longer dares to change.

    `armarium.features.<room>` is public; entry, which builds the rooms, may look deeper.
    """
    graph = grimp.build_graph("armarium", exclude_type_checking_imports=False)
    rooms = graph.find_children("armarium.features")
    assert rooms
    reaching = [
        f"{importer} imports {inside}"
        for room in rooms
        for inside in graph.find_descendants(room)
        for importer in graph.find_modules_that_directly_import(inside)
        if importer != room and not importer.startswith((f"{room}.", "armarium.entry."))
    ]
    assert not reaching


def test_no_cancellation_is_lost_to_a_wait():
    """On Python 3.11 `asyncio.wait_for` drops one that meets its end; a worker then never stopped.

    `asyncio.timeout` does not (https://github.com/python/cpython/issues/86296).
    """
    lossy = [
        str(path.relative_to(ROOT)) for path in SOURCES if "asyncio.wait_for(" in path.read_text()
    ]
    assert not lossy


def test_import_contracts_are_fresh():
    """A room added without its contracts would have a public store."""
    written = (ROOT / ".importlinter").read_text()
    script = ROOT / "scripts" / "import_contracts.py"
    code = f"import runpy; print(runpy.run_path({str(script)!r})['contracts'](), end='')"
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert written == made, "run `python scripts/import_contracts.py`"


def test_every_module_says_what_it_is_for():
    """A module without a docstring has no owner; tables and schemas speak for themselves."""
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in {"__init__.py", "tables.py", "schemas.py"}
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent
