from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from armarium.features.catalogue.models import (
    IMAGE_PATH,
    MAX_NOTE,
    MAX_TITLE,
    Catalogue,
    CatalogueSet,
    Entry,
    EntryChange,
    PastImport,
)
from armarium.platform.wire import Body

Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)


class ImportOut(BaseModel):
    file_name: str = Field(examples=["tcgdex_cards.jsonl.gz"])
    state: str = Field(description="running, done or failed.", examples=["done"])
    error: str | None
    read: int = Field(0, description="Records of the file that were read.", examples=[41856])
    added: int = Field(0, examples=[41856])
    changed: int = Field(0, examples=[0])
    unchanged: int = Field(0, examples=[0])
    skipped: Mapping[str, "TallyOut"] = Field(description="Records left out, by reason.")
    notes: Mapping[str, "TallyOut"] = Field(description="Values left out, by reason.")
    started_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, past: PastImport) -> "ImportOut":
        report = {"skipped": {}, "notes": {}, **past.report}
        told = {name: report[name] for name in cls.model_fields if name in report}
        return cls.model_validate(
            {
                **told,
                "file_name": past.file_name,
                "state": past.state,
                "error": past.error,
                "started_at": past.started_at,
                "finished_at": past.finished_at,
            }
        )


class TallyOut(BaseModel):
    count: int = Field(examples=[3])
    examples: Sequence[str] = Field(examples=[["base1-4: no name"]])


class CatalogueOut(BaseModel):
    slug: str = Field(examples=["tcgdex"])
    name: str = Field(examples=["Pokémon TCG (TCGdex)"])
    kind: str = Field(examples=["card"])
    source: str = Field(description="The file it came from.", examples=["tcgdex_cards.jsonl.gz"])
    licence: str = Field(examples=["MIT"])
    state: str = Field(description="empty, importing or ready.", examples=["ready"])
    entry_count: int = Field(examples=[41856])
    images: Mapping[str, int] = Field(
        description="Reference images by state.",
        examples=[{"pending": 0, "ready": 78, "failed": 0}],
    )
    updated_at: datetime
    last_import: ImportOut | None = Field(description="The newest file and what came of it.")

    @classmethod
    def of(cls, catalogue: Catalogue) -> "CatalogueOut":
        return cls(
            slug=catalogue.slug,
            name=catalogue.name,
            kind=catalogue.kind,
            source=catalogue.source,
            licence=catalogue.licence,
            state=catalogue.state,
            entry_count=catalogue.entry_count,
            images=catalogue.image_counts,
            updated_at=catalogue.updated_at,
            last_import=None
            if catalogue.last_import is None
            else ImportOut.of(catalogue.last_import),
        )


class SetOut(BaseModel):
    code: str = Field(examples=["base1"])
    name: str = Field(examples=["Base Set"])
    names: Mapping[str, str] = Field(examples=[{"en": "Base Set", "fr": "Set de Base"}])
    series: str | None = Field(examples=["Base"])
    official_count: int | None = Field(examples=[102])
    released: str | None = Field(examples=["1999-01-09"])
    external_ids: Mapping[str, Any] = Field(examples=[{"tcgdex": "base1"}])

    @classmethod
    def of(cls, found: CatalogueSet) -> "SetOut":
        return cls(
            code=found.code,
            name=found.name,
            names=found.names,
            series=found.series,
            official_count=found.official_count,
            released=found.released,
            external_ids=found.external_ids,
        )


class EntryOut(BaseModel):
    id: UUID
    catalogue: str | None = Field(description="Null for an entry of your own.", examples=["tcgdex"])
    kind: str = Field(examples=["card"])
    title: str = Field(examples=["Charizard"])
    subtitle: str = Field(examples=["Base Set · 4/102 · Rare"])
    names: Mapping[str, str] = Field(examples=[{"en": "Charizard", "de": "Glurak"}])
    creators: Sequence[str] = Field(examples=[["Mitsuhiro Arita"]])
    number: str | None = Field(examples=["4/102"])
    set_code: str | None = Field(examples=["base1"])
    set_name: str | None = Field(examples=["Base Set"])
    series: str | None = Field(examples=["Base"])
    identifiers: Sequence[str] = Field(examples=[["set_number:base1:4"]])
    external_ids: Mapping[str, Any] = Field(examples=[{"tcgdex": "base1-4"}])
    fields: Mapping[str, Any] = Field(description="As an item of the kind takes them.")
    variants: Sequence[Any] = Field(examples=[[{"type": "holo", "subtype": "unlimited"}]])
    attributes: Mapping[str, Any] = Field(description="What the source says beyond the fields.")
    overridden: bool = Field(description="Whether you corrected it.")
    version: int | None = Field(description="Of your correction or own entry, for If-Match.")
    image_url: str | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        return cls(
            id=entry.id,
            catalogue=entry.catalogue,
            kind=entry.kind,
            title=entry.title,
            subtitle=entry.subtitle,
            names=entry.names,
            creators=entry.creators,
            number=entry.number,
            set_code=entry.set_code,
            set_name=entry.set_name,
            series=entry.series,
            identifiers=entry.identifiers,
            external_ids=entry.external_ids,
            fields=entry.fields,
            variants=entry.variants,
            attributes=entry.attributes,
            overridden=entry.overridden,
            version=entry.version,
            image_url=None if entry.image_id is None else f"{IMAGE_PATH}/{entry.image_id}",
        )


class ChangeIn(Body):
    title: str | None = Field(None, max_length=MAX_TITLE, examples=["Charizard (shadowless)"])
    fields: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="Only what differs; the rest stays the catalogue's.",
        examples=[{"rarity": "Rare Holo"}],
    )
    note: str = Field("", max_length=MAX_NOTE, examples=["The catalogue has the wrong rarity."])

    def change(self) -> EntryChange:
        return EntryChange(title=self.title or None, fields=self.fields, note=self.note)


class CorrectionOut(BaseModel):
    title: str | None = Field(examples=["Charizard (shadowless)"])
    fields: Mapping[str, Any] = Field(examples=[{"rarity": "Rare Holo"}])
    note: str = Field(examples=["The catalogue has the wrong rarity."])

    @classmethod
    def of(cls, change: EntryChange) -> "CorrectionOut":
        return cls(title=change.title, fields=change.fields, note=change.note)


class OwnEntryIn(ChangeIn):
    kind: Annotated[str, Lower] = Field(max_length=60, examples=["book"])


class ImportStarted(BaseModel):
    job_id: str = Field(description="Follow it at /api/v1/jobs/{job_id}.")
