"""From what was read and seen to catalogue entries: a scan's last part, and all of `identify`."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from math import ceil
from typing import Any
from uuid import UUID

from armarium.features.catalogue import CatalogueService, EntrySummary
from armarium.features.recognition.errors import UnknownCatalogue, UnknownKind
from armarium.features.recognition.models import Candidate, Identification
from armarium.features.recognition.policy import Signal, Verdict, weigh
from armarium.kinds import registry
from armarium.kit.visual import decide_visual
from armarium.platform.database import Scope
from armarium.ports.ocr import Reading
from armarium.ports.vision import ImageFeatures, Reference, VisionModel, VisualMatch

LIMIT = 8
"""Candidates kept with a detection."""

VERIFIED_TOGETHER = 24
"""References that one call compares: 0.4 s on one core."""

PICTURED_KINDS = frozenset({"card", "art"})
"""Kinds whose copies look alike, so that a picture can refute what the text says."""

FALLBACK_KIND = "generic"


class IdentificationService:
    """Asks the catalogue by text and by picture, and weighs the answers."""

    def __init__(self, *, catalogue: CatalogueService, vision: VisionModel) -> None:
        self._catalogue = catalogue
        self._vision = vision

    async def require(self, scope: Scope, *, kind: str | None, catalogue: str | None) -> None:
        """Refuse a kind or a catalogue that does not exist, naming the field."""
        if kind is not None and kind not in registry():
            raise UnknownKind(pointer="/kind")
        if catalogue is not None and not await self._catalogue.exists(scope, catalogue):
            raise UnknownCatalogue(pointer="/catalogue")

    async def identify_text(
        self, scope: Scope, *, kind: str | None, text: str, catalogue: str | None, limit: int
    ) -> Identification:
        """Candidates for words alone: a spine, a typed number, a line of a list."""
        await self.require(scope, kind=kind, catalogue=catalogue)
        found = await self._catalogue.identify_text(
            scope, kind=kind, text=text, catalogue=catalogue, limit=limit
        )
        signals = [
            Signal(candidate.entry_id, candidate.score, candidate.evidence)
            for candidate in found.candidates
        ]
        verdict = Verdict(found.decision, signals)
        return await self._present(scope, verdict, kind=kind, limit=limit)

    async def identify_crop(
        self,
        scope: Scope,
        *,
        kind: str | None,
        catalogue: str | None,
        reading: Reading,
        features: ImageFeatures,
    ) -> Identification:
        """Candidates for a crop, from its text and its picture."""
        read = await self._catalogue.identify_text(
            scope,
            kind=kind,
            text=reading.text,
            lines=[line.text for line in reading.lines],
            catalogue=catalogue,
            limit=LIMIT,
        )
        references = await self._catalogue.visual_shortlist(
            scope,
            features=features,
            kind=kind,
            catalogue=catalogue,
            entry_ids=[candidate.entry_id for candidate in read.candidates],
        )
        entry_of = {reference.reference.id: reference.entry_id for reference in references}
        matches = await self._verify(features, [each.reference for each in references])
        seen = decide_visual(matches, entry_of=lambda match_id: entry_of[match_id])
        verdict = weigh(
            text=[Signal(c.entry_id, c.score, c.evidence) for c in read.candidates],
            text_decision=read.decision,
            visual=[Signal(entry_of[m.id], m.score, visual_evidence(m)) for m in matches],
            visual_decision=seen.decision,
            pictured_matters=kind is None or kind in PICTURED_KINDS,
        )
        rotation = reading.rotation
        if seen.best is not None and seen.decision != "unknown":
            rotation = seen.best.rotation
        return await self._present(scope, verdict, kind=kind, limit=LIMIT, rotation=rotation)

    async def _verify(
        self, features: ImageFeatures, references: Sequence[Reference]
    ) -> list[VisualMatch]:
        """Each reference is weighed for itself, so that shares can be verified side by side."""
        shares = ceil(len(references) / VERIFIED_TOGETHER)
        answers = await asyncio.gather(
            *(self._vision.verify(features, references[n::shares]) for n in range(shares))
        )
        return sorted(chain.from_iterable(answers), key=lambda match: -match.score)

    async def candidate(self, scope: Scope, entry_id: UUID) -> EntrySummary | None:
        """An entry that a person chose."""
        return (await self._catalogue.entries(scope, [entry_id])).get(entry_id)

    async def _present(
        self,
        scope: Scope,
        verdict: Verdict,
        *,
        kind: str | None,
        limit: int,
        rotation: int = 0,
    ) -> Identification:
        ranked = verdict.ranked[:limit]
        entries = await self._catalogue.entries(scope, [signal.entry_id for signal in ranked])
        candidates = [
            as_candidate(entries[signal.entry_id], signal)
            for signal in ranked
            if signal.entry_id in entries
        ]
        leading = candidates[0].kind if candidates and verdict.decision != "unknown" else None
        return Identification(
            decision=verdict.decision if candidates else "unknown",
            candidates=candidates,
            kind=kind or leading or FALLBACK_KIND,
            rotation=rotation,
        )


def visual_evidence(match: VisualMatch) -> dict[str, Any]:
    """What the picture says, by signal."""
    evidence = asdict(match)
    return {"picture": {"score": evidence.pop("score"), **without(evidence, "id", "rotation")}}


def without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The mapping less some names."""
    return {name: value for name, value in values.items() if name not in names}


def as_candidate(entry: EntrySummary, signal: Signal) -> Candidate:
    """An entry with what speaks for it."""
    return Candidate(
        entry_id=entry.id,
        kind=entry.kind,
        title=entry.title,
        subtitle=entry.subtitle,
        external_ids=entry.external_ids,
        score=signal.score,
        evidence=signal.evidence,
        image_url=entry.image_url,
    )


def as_json(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Candidates as a detection keeps them."""
    return [{**asdict(each), "entry_id": str(each.entry_id)} for each in candidates]
