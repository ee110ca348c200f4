"""Text to entries: candidates from every catalogue in question, one decision over all."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.matching import query
from armarium.features.catalogue.matching.decide import Decision, Ranked
from armarium.features.catalogue.matching.documents import document_of
from armarium.features.catalogue.matching.evidence import Evidence
from armarium.features.catalogue.matching.identify import identify, search
from armarium.features.catalogue.matching.index import Index, build
from armarium.features.catalogue.models import TextCandidate, TextIdentification
from armarium.features.catalogue.service.indexing import CatalogueIndexer
from armarium.platform.database import Database, Scope

MAX_TEXT = 4000
OVERLAYS = 64
"""Spaces whose own entries are kept as an index in memory."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An index to look into; `hidden` are entries that the space's corrections stand in for."""

    kind: str
    index: Index
    hidden: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Found:
    """The outcome in one place."""

    place: _Place
    decision: Decision
    ranked: Sequence[Ranked]


class TextIdentifier:
    """Answers which entries a read or typed text means."""

    def __init__(self, *, database: Database, indexer: CatalogueIndexer) -> None:
        self._database = database
        self._indexer = indexer
        self._overlays: OrderedDict[tuple[UUID, str, datetime | None, int], tuple[_Place, ...]] = (
            OrderedDict()
        )

    async def identify(
        self, scope: Scope, *, kind: str | None, text: str, catalogue: str | None, limit: int
    ) -> TextIdentification:
        """Candidates of all catalogues of `kind`, or of one, and of the space's own entries."""
        loaded = await self._indexer.indexes(kind=kind, slug=catalogue)
        overlay = await self._overlay(scope, kind) if catalogue is None else ()
        hidden = frozenset(
            each.index.id_of(at) for each in overlay for at in range(each.index.size)
        )
        places = [*overlay, *(_Place(each.kind, each.index, hidden) for each in loaded)]
        return await asyncio.to_thread(_identify, places, text[:MAX_TEXT], limit)

    async def search(self, catalogue: str, text: str, limit: int) -> list[UUID]:
        """Entries of one catalogue by how well they fit `text`, without a decision."""
        loaded = await self._indexer.indexes(kind=None, slug=catalogue)
        if not loaded:
            return []
        found = await asyncio.to_thread(search, loaded[0].index, text[:MAX_TEXT], limit)
        return [loaded[0].index.id_of(document) for document in found]

    async def _overlay(self, scope: Scope, kind: str | None) -> tuple[_Place, ...]:
        if not scope.spaces:
            return ()
        space_id = scope.spaces[0]
        async with self._database.transaction(scope) as session:
            newest, count = await store.overlay_state(session, space_id)
            if not count:
                return ()
            key = (space_id, kind or "", newest, count)
            if key in self._overlays:
                self._overlays.move_to_end(key)
                return self._overlays[key]
            entries = await store.overlay(session, space_id, kind)
        kinds = sorted({each.kind for each in entries})
        places = tuple(
            _Place(each, build(document_of(entry) for entry in entries if entry.kind == each))
            for each in kinds
        )
        self._overlays[key] = places
        while len(self._overlays) > OVERLAYS:
            self._overlays.popitem(last=False)
        return places


def _identify(places: Sequence[_Place], text: str, limit: int) -> TextIdentification:
    asked = query.read(text)
    found = [_look(place, asked) for place in places if place.index.size]
    everything = sorted(
        ((ranked, each.place) for each in found for ranked in each.ranked),
        key=lambda pair: -pair[0].probability,
    )
    return TextIdentification(
        _decide(found), [_candidate(ranked, place) for ranked, place in everything[:limit]]
    )


def _look(place: _Place, asked: query.Query) -> _Found:
    outcome = identify(place.index, place.kind, asked, place.hidden)
    return _Found(place, outcome.decision, outcome.candidates)


def _decide(found: Sequence[_Found]) -> Decision:
    """One catalogue may accept; when two do, a person chooses."""
    decisions = [each.decision for each in found]
    accepted = decisions.count("accepted")
    if accepted == 1:
        return "accepted"
    return "review" if accepted or "review" in decisions else "unknown"


def _candidate(ranked: Ranked, place: _Place) -> TextCandidate:
    evidence = ranked.evidence
    return TextCandidate(
        place.index.id_of(evidence.document), round(ranked.probability, 4), _told(evidence)
    )


def _told(evidence: Evidence) -> Mapping[str, Any]:
    """The evidence by signal, as people and reviewers read it."""

    def share(name: str) -> float:
        return round(min(1.0, evidence[name]), 3)

    told: dict[str, Any] = {
        "name": {"share": share("name_share"), "letters": share("name_letters")},
        "text_explained": share("told"),
    }
    if not evidence["creator_absent"]:
        told["creator"] = {"share": share("creator_share")}
    if evidence.keys:
        told["identifiers"] = list(evidence.keys)
    if evidence["key_conflict"]:
        told["number_differs"] = True
    if evidence["context_mass"]:
        told["context"] = round(evidence["context_mass"], 3)
    return told
