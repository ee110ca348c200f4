"""From a decided detection to an item of the collection, inside the caller's transaction."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from armarium.features.catalogue import CatalogueService
from armarium.features.collection import MAX_TITLE, ItemWriter, NewImage, NewItem
from armarium.features.recognition.errors import UnknownEntry
from armarium.features.recognition.tables import DetectionRow
from armarium.platform.database import Session

ON_HAND = "on_hand"
"""What was photographed is here, until its owner says otherwise."""


class DraftService:
    """Makes items from candidates, or from a title that a person typed."""

    def __init__(self, *, catalogue: CatalogueService, items: ItemWriter) -> None:
        self._catalogue = catalogue
        self._items = items

    async def from_candidate(
        self, session: Session, row: DetectionRow, entry_id: UUID, *, user_id: UUID
    ) -> UUID:
        """An item that shows a catalogue entry; its facts are the entry's."""
        entry = (await self._catalogue.entries_in(session, [entry_id])).get(entry_id)
        if entry is None:
            raise UnknownEntry(pointer="/catalogue_entry_id")
        return await self._create(
            session,
            row,
            user_id=user_id,
            kind=entry.kind,
            title=entry.title[:MAX_TITLE],
            fields=entry.fields,
            entry_id=entry_id,
        )

    async def from_title(
        self, session: Session, row: DetectionRow, *, kind: str, title: str, user_id: UUID
    ) -> UUID:
        """An item that no catalogue knows."""
        return await self._create(
            session, row, user_id=user_id, kind=kind, title=title, fields={}, entry_id=None
        )

    async def _create(
        self,
        session: Session,
        row: DetectionRow,
        *,
        user_id: UUID,
        kind: str,
        title: str,
        fields: Mapping[str, Any],
        entry_id: UUID | None,
    ) -> UUID:
        pictures = ((row.crop_media_id, "front"), (row.media_id, "other"))
        item = await self._items.create(
            session,
            row.space_id,
            NewItem(
                kind=kind,
                title=title,
                fields=fields,
                status=ON_HAND,
                catalogue_entry_id=entry_id,
                images=[NewImage(media, role) for media, role in pictures if media is not None],
                read_text=str(row.ocr.get("text", "")),
            ),
            actor=user_id,
        )
        return item.id
