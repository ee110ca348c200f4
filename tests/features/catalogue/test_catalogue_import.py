"""Imports: whole, again, killed in the middle, changed, with pictures, refused."""

import gzip
import json
import random
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.catalogue import (
    CatalogueImporter,
    CatalogueIndexer,
    CatalogueReferences,
    CatalogueService,
    ImportOptions,
    store,
)
from armarium.features.catalogue.errors import CatalogueUnreadable, NoSuchKind, WrongKind
from armarium.features.catalogue.service import importing
from armarium.platform.database import Scope
from armarium.ports.blobs import BlobStore
from armarium.ports.inference import InputRefused
from armarium.ports.vision import ImageFeatures
from tests.features.catalogue.conftest import Import
from tests.support.catalogues import CARDS, SHELF, write_deck, write_lines, write_shelf


async def counts(house: House) -> dict[str, int]:
    async with house.database.transaction(Scope()) as session:
        rows = await session.execute(
            text("select slug, entry_count, generation, state from catalogues order by slug")
        )
        return {row.slug: (row.entry_count, row.generation, row.state) for row in rows}


async def test_everything_is_in_or_told(bring: Import, house: House, tmp_path: Path) -> None:
    report = await bring(write_shelf(tmp_path / "shelf.csv"), "csv")
    assert (report.read, report.added, report.changed, report.unchanged) == (7, 5, 0, 0)
    assert {reason: tally.count for reason, tally in report.skipped.items()} == {
        "no_title": 1,
        "duplicate": 1,
    }
    assert report.notes["isbn_not_isbn"].examples[0].endswith(": 123")
    assert await counts(house) == {"shelf": (5, 1, "ready")}


async def test_a_second_run_changes_nothing(bring: Import, house: House, tmp_path: Path) -> None:
    path = write_shelf(tmp_path / "shelf.csv")
    await bring(path, "csv")
    again = await bring(path, "csv")
    assert (again.added, again.changed, again.unchanged, again.entry_count) == (0, 0, 5, 5)
    assert await counts(house) == {"shelf": (5, 1, "ready")}


async def test_a_changed_record_changes_its_row_only(
    bring: Import, house: House, tmp_path: Path
) -> None:
    await bring(write_lines(tmp_path / "a.jsonl", CARDS), "tcgdex")
    changed = [{**CARDS[0], "rarity": "Secret"}, *CARDS[1:]]
    again = await bring(write_lines(tmp_path / "b.jsonl", changed), "tcgdex")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 5)
    assert (await counts(house))["tcgdex"] == (6, 2, "ready")


async def test_a_killed_import_goes_on(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    path = write_lines(tmp_path / "c.jsonl", [*CARDS[:3], "{", CARDS[0], *CARDS[3:]])
    importer = house.get(CatalogueImporter)

    class Killed(BaseException):
        pass

    def die(done: int, _note: str) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        await importer.run(ImportOptions(path, "tcgdex"), die)
    assert (await counts(house))["tcgdex"] == (0, 0, "importing")

    report = await importer.run(ImportOptions(path, "tcgdex"))
    assert report.resumed_at == 4
    assert (report.read, report.added, report.entry_count) == (8, 6, 6)
    assert report.skipped["broken_json"].count == 1
    assert report.skipped["duplicate"].examples == ["record 5: Charizard"]
    assert (await counts(house))["tcgdex"] == (6, 1, "ready")
    await house.database.close()


class Broken(Exception):
    pass


async def found(house: House, words: str) -> int:
    identified = await house.get(CatalogueService).identify_text(Scope(), kind="book", text=words)
    return len(identified.candidates)


async def test_what_a_cut_off_import_brought_is_found_after_the_next(
    bring: Import, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second run found nothing new and left the index as it was, and so did every later one."""
    await bring(write_shelf(tmp_path / "shelf.csv"), "csv")
    more = write_shelf(tmp_path / "shelf.csv", SHELF + "The Heron Almanac,Ida,N Qui,,\n")
    set_import = store.set_import

    async def cut_off(session: Any, import_id: UUID, **values: Any) -> None:
        if "position" in values:
            raise Broken
        await set_import(session, import_id, **values)

    with monkeypatch.context() as cut:
        cut.setattr(store, "set_import", cut_off)
        with pytest.raises(Broken):
            await bring(more, "csv")
    async with house.database.transaction(Scope()) as session:
        last = "select state, error from catalogue_imports order by started_at desc limit 1"
        row = (await session.execute(text(last))).one()
    assert (row.state, row.error) == ("failed", importing.STOPPED)
    assert await found(house, "The Heron Almanac Ida") == 0

    again = await bring(more, "csv")
    assert (again.added, again.unchanged) == (0, 6)
    assert await found(house, "The Heron Almanac Ida") == 1
    generation = (await counts(house))["shelf"][1]
    await bring(more, "csv")
    assert (await counts(house))["shelf"][1] == generation, "once is enough"


def marked_meanwhile(house: House, catalogue_id: UUID) -> Any:
    """The stream of entries, before which another import changes some."""
    stream = store.stream_for_lookup

    async def run(session: Any, wanted: UUID) -> AsyncIterator[Any]:
        async with house.database.transaction(Scope()) as other:
            await store.mark_unindexed(other, catalogue_id)
        async for row in stream(session, wanted):
            yield row

    return run


async def test_what_comes_while_the_index_is_made_is_taken_up_by_the_next(
    bring: Import, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(write_shelf(tmp_path / "shelf.csv"), "csv")
    async with house.database.transaction(Scope()) as session:
        catalogue_id = await session.scalar(text("select id from catalogues"))
        await store.mark_unindexed(session, catalogue_id)

    indexer = house.get(CatalogueIndexer)
    with monkeypatch.context() as busy:
        busy.setattr(store, "stream_for_lookup", marked_meanwhile(house, catalogue_id))
        await indexer.rebuild(catalogue_id)
    async with house.database.transaction(Scope()) as session:
        assert await store.unindexed(session, catalogue_id) is not None
    await indexer.rebuild(catalogue_id)
    async with house.database.transaction(Scope()) as session:
        assert await store.unindexed(session, catalogue_id) is None


async def test_an_old_unfinished_import_begins_anew(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went on over the first records of another file, which had come in since."""
    monkeypatch.setattr(importing, "BATCH", 2)
    importer = house.get(CatalogueImporter)
    old = write_lines(tmp_path / "old.jsonl", CARDS)
    new = write_lines(tmp_path / "new.jsonl", [{**CARDS[0], "rarity": "Secret"}, *CARDS[1:]])

    class Killed(BaseException):
        pass

    def die(done: int, _note: str) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        await importer.run(ImportOptions(old, "tcgdex"), die)
    await importer.run(ImportOptions(new, "tcgdex"))
    report = await importer.run(ImportOptions(old, "tcgdex"))
    assert (report.resumed_at, report.changed) == (None, 1)
    async with house.database.transaction(Scope()) as session:
        rarity = "select fields ->> 'rarity' from catalogue_entries where key = 'base1-4'"
        assert await session.scalar(text(rarity)) == "Rare"
    await house.database.close()


async def test_a_file_that_ends_early_leaves_what_it_brought_findable(
    bring: Import, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    await bring(write_shelf(tmp_path / "shelf.csv"), "csv")
    rows = SHELF + "The Heron Almanac,Ida,N Qui,,\n" + "x" * 50 + "\n"
    noise = random.Random(7).randbytes(200_000).hex().encode()  # noqa: S311 - packs badly
    packed = gzip.compress(rows.encode() + noise)
    (tmp_path / "more.csv.gz").write_bytes(packed[:-50_000])
    with pytest.raises(CatalogueUnreadable, match="unpacked to the end"):
        await bring(tmp_path / "more.csv.gz", "csv", slug="shelf", encoding="utf-8")
    assert await found(house, "The Heron Almanac Ida") == 1


async def test_refusals(bring: Import, tmp_path: Path) -> None:
    await bring(write_shelf(tmp_path / "shelf.csv"), "csv")
    with pytest.raises(WrongKind):
        await bring(write_lines(tmp_path / "c.jsonl", CARDS), "tcgdex", slug="shelf")
    with pytest.raises(CatalogueUnreadable, match="first line"):
        await bring(write_shelf(tmp_path / "empty.csv", ""), "csv")
    with pytest.raises(CatalogueUnreadable):
        await bring(tmp_path / "nowhere.csv", "csv")
    with pytest.raises(NoSuchKind):
        await bring(write_lines(tmp_path / "d.jsonl", CARDS), "tcgdex", kind="stamp")


async def test_a_file_that_breaks_later_is_a_failed_import(
    bring: Import, house: House, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    path.write_text("[{]")
    with pytest.raises(CatalogueUnreadable, match="JSON"):
        await bring(path, "tcgdex")
    async with house.database.transaction(Scope()) as session:
        row = (await session.execute(text("select state, error from catalogue_imports"))).one()
    assert row.state == "failed"
    assert "JSON" in row.error


class FakeVision:
    """Describes every picture alike, refuses the second."""

    def __init__(self) -> None:
        self.calls = 0

    async def features(self, image: bytes) -> ImageFeatures:
        assert image.startswith(b"\xff\xd8")
        self.calls += 1
        if self.calls == 2:
            raise InputRefused("broken_image", "The picture cannot be read.")
        hashes = tuple(bytes([turn]) * 32 for turn in range(4))
        return ImageFeatures("fake-1", hashes, (0.6, 0.8), b"points", 40, 60)


async def test_pictures_are_kept_described_and_shortlisted(
    bring: Import, house: House, tmp_path: Path
) -> None:
    deck = write_deck(tmp_path)
    report = await bring(deck, "tarot")
    assert (report.added, report.images) == (3, 2)
    assert report.notes["image_unreadable"].count == 1
    assert (await bring(deck, "tarot")).images == 2

    service = house.get(CatalogueService)
    (tarot,) = await service.catalogues(Scope())
    assert tarot.image_counts == {"pending": 2, "ready": 0, "failed": 0}

    blobs, vision = house.services[BlobStore], FakeVision()
    references = CatalogueReferences(database=house.database, blobs=blobs, vision=vision)
    assert await references.describe(tarot.id, 1) == {"done": 1, "left": 1}
    assert await references.describe(tarot.id, 8) == {"done": 1, "left": 0}
    (tarot,) = await service.catalogues(Scope())
    assert tarot.image_counts == {"pending": 0, "ready": 1, "failed": 1}

    features = await vision.features(b"\xff\xd8")
    found = await service.visual_shortlist(Scope(), features=features, kind="card", catalogue=None)
    assert [each.reference.phash for each in found] == [bytes(32)]
    assert found[0].reference.embedding == pytest.approx((0.6, 0.8))
    assert found[0].reference.local == b"points"
    elsewhere = await service.visual_shortlist(
        Scope(), features=features, kind="card", catalogue="other"
    )
    assert elsewhere == []


async def test_the_shortlist_of_many_takes_the_closest(
    bring: Import, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(write_deck(tmp_path), "tarot")
    references = house.get(CatalogueReferences)
    monkeypatch.setattr("armarium.features.catalogue.service.references.FEW", 1)
    near, far = "0" * 256, "1" * 256
    async with house.database.transaction(Scope()) as session:
        ids = list(await session.scalars(text("select id from catalogue_images order by id")))
        for image_id, bits, vector in zip(ids, (near, far), ("[1,0]", "[0,1]"), strict=True):
            await session.execute(
                text(
                    "update catalogue_images set state = 'ready', feature_model = 'm',"
                    " phash = cast(:bits as bit(256)), embedding = cast(:vector as vector)"
                    " where id = :id"
                ),
                {"bits": bits, "vector": vector, "id": image_id},
            )
        pairs = await session.execute(text("select id, entry_id from catalogue_images"))
        entry_of = {row.id: row.entry_id for row in pairs}
    looks = ImageFeatures("m", (bytes(32),) * 4, (1.0, 0.0), b"", 1, 1)
    found = await references.shortlist(
        features=looks, kind=None, catalogue="tarot", entry_ids=[], limit=1
    )
    assert [UUID(each.reference.id) for each in found] == [ids[0]]
    other = await references.shortlist(
        features=looks, kind=None, catalogue="tarot", entry_ids=[entry_of[ids[1]]], limit=1
    )
    assert len(other) == 1


async def test_a_report_is_plain_json(bring: Import, tmp_path: Path) -> None:
    report = await bring(write_shelf(tmp_path / "s.csv", SHELF), "csv")
    assert json.loads(json.dumps(asdict(report)))["skipped"]["no_title"]["count"] == 1
