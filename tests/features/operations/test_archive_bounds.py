"""Disbelieving an archive costs little, and it brings no more than could be made here."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.accounts import Registration
from armarium.features.operations import ArchiveImport
from armarium.features.operations.policy import KEPT_OUT, rebuilt
from armarium.kit.ids import new_id
from armarium.platform.archive import ArchiveReader, BadArchive, Bounds
from armarium.platform.archive.reading import entries_of
from armarium.platform.database import Base
from armarium.platform.owned import OwnedRegister
from tests.features.operations.test_archives import archive_of, changed, edit_row, fill, rows_of
from tests.support.items import CHARIZARD, add_item

SignIn = Callable[..., Awaitable[AsyncClient]]
Act = Callable[[dict[str, bytes], dict[str, Any]], None]

MOST_MEMORY = 24 * 1024**2


def refused(file: Path, bounds: Bounds | None = None) -> str:
    """In words, and in little memory."""
    tracemalloc.start()
    try:
        with pytest.raises(BadArchive) as told:
            ArchiveReader(file, bounds)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    return str(told.value)


@pytest.mark.parametrize("million", [1, 16])
def test_a_manifest_of_empty_lists_is_not_unpacked(tmp_path: Path, million: int) -> None:
    file = tmp_path / "lists.zip"
    lists = "[]," * (million * 330_000)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", f'{{"format": 1, "files": [{lists}[]]}}')
    assert file.stat().st_size < 90_000
    assert refused(file)


def test_entries_are_counted_before_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for number in range(3000):
            packed.writestr(f"pictures/{UUID(int=number)}", b"")
    assert "too many" in refused(file, Bounds(files=2999))
    assert entries_of(file, 200_000) == 3000
    told = file.read_bytes()
    file.write_bytes(told[:-14] + (5).to_bytes(2, "little") * 2 + told[-10:])
    assert "too many" in refused(file, Bounds(files=2999)), "it lied about their number"


@pytest.mark.parametrize("size", [0, 1, 66_000])
def test_the_count_is_that_of_the_directory(tmp_path: Path, size: int) -> None:
    """With the large end record too."""
    file = tmp_path / "any.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for number in range(size):
            packed.writestr(str(number), b"")
    assert entries_of(file, 200_000) == size


def test_a_row_of_empty_lists_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "row.zip"
    row = b"[" + b"[]," * 1_000_000 + b"[]]\n"
    listed = {"name": "data/items.jsonl", "sha256": "0" * 64, "size": len(row), "rows": 1}
    manifest = {"format": 1, "space_id": str(UUID(int=1)), "files": [listed]}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data/items.jsonl", row)
        packed.writestr("manifest.json", json.dumps(manifest))
    with ArchiveReader(file, Bounds(ratio=5000)) as archive:
        tracemalloc.start()
        with pytest.raises(BadArchive, match="too long"):
            list(archive.rows("items"))
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
        tracemalloc.stop()


def more(table: str, count: int, *keys: str, **values: Any) -> Act:
    """Copies of a table's first row under other ids."""

    def act(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
        name = f"data/{table}.jsonl"
        first = json.loads(parts[name].split(b"\n", 1)[0])
        copies = ({**first, **values, **{key: str(new_id()) for key in keys}} for _ in range(count))
        parts[name] += b"".join(json.dumps(each).encode() + b"\n" for each in copies)

    return act


BEYOND: dict[str, partial[Act]] = {
    "too many collections": partial(more, "spaces_collection", 1000, "id"),
    "a long name": partial(edit_row, "spaces_collection", name="x" * 100_000),
    "no name": partial(edit_row, "spaces_collection", name="  "),
    "a long description": partial(edit_row, "spaces_collection", description="x" * 2001),
    "a position that shuts the space": partial(edit_row, "spaces_collection", position=10**9),
    "too many own fields": partial(more, "own_fields", 200, "id", "name"),
    "a long label": partial(edit_row, "own_fields", label="x" * 101),
    "a long title": partial(edit_row, "items", title="x" * 501),
    "long notes": partial(edit_row, "items", notes="x" * 20_001),
    "a huge number of things": partial(edit_row, "items", quantity=10**7),
    "no things": partial(edit_row, "items", quantity=0),
    "a long tag": partial(edit_row, "item_tags", name="x" * 61),
    "too many tags": partial(more, "item_tags", 50, "key"),
    "too many pictures of one": partial(more, "item_images", 100, "media_id"),
    "a role that is none": partial(edit_row, "item_images", role="weapon"),
    "money that is none": partial(edit_row, "item_money", currency="euros"),
    "money below nothing": partial(edit_row, "item_money", amount_minor=-1),
    "one picture a thousand times": partial(more, "media", 1000, "id"),
}


async def test_an_archive_is_no_way_round_what_the_routes_bound(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    person = await sign_in()
    await fill(person)
    await add_item(person, CHARIZARD, cost={"amount_minor": 5, "currency": "EUR"})
    data = await archive_of(person, house)
    victim = await house.get(Registration).create("victim@example.org", "Correct-Horse-42")
    file = tmp_path / "beyond.zip"
    for what, act in BEYOND.items():
        file.write_bytes(changed(data, act()))
        with pytest.raises(BadArchive, match=f"^{act.args[0]}(:| holds a row)"):
            await house.get(ArchiveImport).bring(file, victim.id)
        assert await rows_of(house, victim.id) == {}, what


def without(table: str, column: str) -> Act:
    """A table's first row lacks a column."""

    def act(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
        first, rest = parts[f"data/{table}.jsonl"].split(b"\n", 1)
        row = {name: value for name, value in json.loads(first).items() if name != column}
        parts[f"data/{table}.jsonl"] = json.dumps(row).encode() + b"\n" + rest

    return act


async def test_a_row_without_what_names_it_is_refused_in_words(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    """Nothing else breaks on it, whichever table and column it is."""
    person = await sign_in()
    await fill(person)
    await add_item(person, CHARIZARD, cost={"amount_minor": 5, "currency": "EUR"})
    data = await archive_of(person, house)
    victim = await house.get(Registration).create("victim@example.org", "Correct-Horse-42")
    keys = {
        table: {each.name for each in Base.metadata.tables[table].primary_key}
        for owned in house.get(OwnedRegister)
        for table in owned.rules
    }
    keys["media"] |= {"blob_id"}
    file = tmp_path / "without.zip"
    told = set[str]()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        there = {name for name in archive.namelist() if archive.getinfo(name).file_size}
    for table, columns in keys.items():
        for column in columns - {"space_id"} if f"data/{table}.jsonl" in there else ():
            file.write_bytes(changed(data, without(table, column)))
            with pytest.raises(BadArchive, match=f"^{table}.* {column} is missing"):
                await house.get(ArchiveImport).bring(file, victim.id)
            told.add(table)
    assert {"items", "item_tags", "item_images", "item_money", "media"} <= told
    assert await rows_of(house, victim.id) == {}


async def test_what_a_space_holds_counts_with_what_comes(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    person = await sign_in()
    await fill(person)
    data = await archive_of(person, house)
    other = await house.get(Registration).create("other@example.org", "Correct-Horse-42")
    file = tmp_path / "half.zip"
    file.write_bytes(changed(data, more("spaces_collection", 598, "id")))
    brought = await house.get(ArchiveImport).bring(file, other.id)
    assert brought.added["spaces_collection"] == 599
    file.write_bytes(changed(data, more("spaces_collection", 598, "id")))
    with pytest.raises(BadArchive, match="more than 1000"):
        await house.get(ArchiveImport).bring(file, other.id)


async def test_every_table_that_comes_in_has_rules(house: House) -> None:
    brought = {
        table
        for table in house.get(OwnedRegister).claimed()
        if not rebuilt(table) and table not in KEPT_OUT
    }
    ruled = [table for owned in house.get(OwnedRegister) for table in owned.rules]
    assert brought == set(ruled)
    assert len(ruled) == len(set(ruled))
