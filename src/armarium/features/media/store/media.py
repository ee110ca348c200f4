"""Rows of media and blobs. Never commits, never decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from armarium.features.media.models import Media, MediaStatus, NewMedia, Variant
from armarium.features.media.store.counting import is_forgotten, is_shown, references
from armarium.features.media.tables import BlobRow, MediaRow, VariantRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Session


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A variant whose object has been written."""

    name: str
    key: str
    size: int
    width: int
    height: int


class MediaStore:
    """One transaction's view of the room's rows; the scope decides which."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, new: NewMedia, *, status: str = "awaiting_upload") -> bool:
        """The rows of a medium and its pending blob; False when the id is taken already."""
        made = await self._session.execute(
            insert(BlobRow)
            .values(
                space_id=new.space_id,
                id=new.id,
                key=new.key,
                size=new.size,
                content_type=new.content_type,
                state="pending",
            )
            .on_conflict_do_nothing()
            .returning(BlobRow.id)
        )
        if made.first() is None:
            return False
        await self._session.execute(
            insert(MediaRow).values(
                space_id=new.space_id,
                id=new.id,
                blob_id=new.id,
                parent_id=new.parent_id,
                filename=new.filename,
                region=new.region,
                status=status,
                created_by=new.created_by,
            )
        )
        return True

    async def add_sharing(self, new: NewMedia, blob_id: UUID) -> None:
        """A medium over a blob that is there already (the same bytes were sent before)."""
        await self._session.execute(
            update(BlobRow)
            .where(BlobRow.space_id == new.space_id, BlobRow.id == blob_id)
            .values(references_count=BlobRow.references_count + 1, unreferenced_at=None)
        )
        await self._session.execute(
            insert(MediaRow).values(
                space_id=new.space_id,
                id=new.id,
                blob_id=blob_id,
                parent_id=new.parent_id,
                filename=new.filename,
                region=new.region,
                status="awaiting_upload",
                created_by=new.created_by,
            )
        )

    async def share(self, media: Media, blob_id: UUID) -> None:
        """Put a waiting medium over a blob that is there already, in place of its own empty one."""
        waiting = (
            MediaRow.space_id == media.space_id,
            MediaRow.id == media.id,
            MediaRow.status == "awaiting_upload",
        )
        own = await self._session.scalar(select(MediaRow.blob_id).where(*waiting).with_for_update())
        if own is None or own == blob_id:
            return
        await self._session.execute(update(MediaRow).where(*waiting).values(blob_id=blob_id))
        await self._session.execute(
            update(BlobRow)
            .where(BlobRow.space_id == media.space_id, BlobRow.id == blob_id)
            .values(references_count=BlobRow.references_count + 1, unreferenced_at=None)
        )
        await self.forget_blobs(media.space_id, [own])

    async def blob_with(self, space_id: UUID, sha256: str) -> UUID | None:
        """A stored blob with these very bytes, locked against the sweep."""
        found = await self._session.execute(_with_bytes(space_id, sha256).with_for_update())
        row = found.first()
        return None if row is None else row.id

    async def key_with(self, space_id: UUID, sha256: str) -> str | None:
        """Where the bytes lie that `blob_with` finds."""
        row = (await self._session.execute(_with_bytes(space_id, sha256))).first()
        return None if row is None else row.key

    async def get(self, media_id: UUID) -> Media | None:
        """One medium of the spaces in scope."""
        found = await self.many([media_id])
        return found.get(media_id)

    async def many(self, ids: Iterable[UUID]) -> dict[UUID, Media]:
        """Media by id with their variants, in two statements."""
        wanted = list(ids)
        if not wanted:
            return {}
        rows = await self._session.execute(
            select(MediaRow, BlobRow)
            .join(
                BlobRow,
                (BlobRow.space_id == MediaRow.space_id) & (BlobRow.id == MediaRow.blob_id),
            )
            .where(MediaRow.id.in_(wanted))
        )
        variants = await self._variants(wanted)
        return {media.id: _media(media, blob, variants.get(media.id, {})) for media, blob in rows}

    async def _variants(self, ids: Sequence[UUID]) -> dict[UUID, dict[str, Variant]]:
        rows = await self._session.execute(
            select(VariantRow, BlobRow.key)
            .join(
                BlobRow,
                (BlobRow.space_id == VariantRow.space_id) & (BlobRow.id == VariantRow.blob_id),
            )
            .where(VariantRow.media_id.in_(ids))
        )
        found: dict[UUID, dict[str, Variant]] = {}
        for row, key in rows:
            found.setdefault(row.media_id, {})[row.name] = Variant(
                name=row.name, key=key, width=row.width, height=row.height
            )
        return found

    async def stored(
        self,
        media: Media,
        *,
        size: int,
        content_type: str,
        width: int,
        height: int,
        sha256: str | None,
    ) -> bool:
        """Compare-and-set from waiting to stored; False when another call did it first."""
        moved = await self._session.execute(
            update(MediaRow)
            .where(
                MediaRow.space_id == media.space_id,
                MediaRow.id == media.id,
                MediaRow.status == "awaiting_upload",
            )
            .values(status="stored", width=width, height=height)
            .returning(MediaRow.blob_id)
        )
        blob_id = moved.scalar()
        if blob_id is None:
            return False
        await self._session.execute(
            update(BlobRow)
            .where(BlobRow.space_id == media.space_id, BlobRow.id == blob_id)
            .values(
                state="stored",
                size=size,
                content_type=content_type,
                sha256=func.coalesce(sha256, BlobRow.sha256),
            )
        )
        return True

    async def failed(self, media: Media, problem: str) -> bool:
        """Remember why a medium can't be used; False when it was known."""
        moved = await self._session.execute(
            update(MediaRow)
            .where(
                MediaRow.space_id == media.space_id,
                MediaRow.id == media.id,
                MediaRow.status != "failed",
            )
            .values(status="failed", problem=problem)
            .returning(MediaRow.id)
        )
        return moved.first() is not None

    async def reserve_pictures(self, media: Media, keys: Mapping[str, str]) -> None:
        """Row first: pending blobs for variants that are about to be written; idempotent.

        One that waits for its end is wanted again: a picture came back under its old id.
        """
        await self._session.execute(
            insert(BlobRow)
            .values(
                [
                    {
                        "space_id": media.space_id,
                        "id": new_id(),
                        "key": key,
                        "size": 0,
                        "content_type": "image/webp",
                        "state": "pending",
                    }
                    for key in keys.values()
                ]
            )
            .on_conflict_do_update(
                index_elements=["space_id", "key"],
                set_={"references_count": 1, "unreferenced_at": None, "created_at": now()},
            )
        )

    async def add_pictures(self, media: Media, pictures: Sequence[StoredPicture]) -> None:
        """The variants whose objects are now there; idempotent."""
        for picture in pictures:
            blob_id = await self._session.execute(
                update(BlobRow)
                .where(BlobRow.space_id == media.space_id, BlobRow.key == picture.key)
                .values(state="stored", size=picture.size)
                .returning(BlobRow.id)
            )
            await self._session.execute(
                insert(VariantRow)
                .values(
                    space_id=media.space_id,
                    media_id=media.id,
                    name=picture.name,
                    blob_id=blob_id.scalar_one(),
                    width=picture.width,
                    height=picture.height,
                )
                .on_conflict_do_nothing()
            )

    async def ready(
        self, media: Media, *, width: int, height: int, placeholder: str, sha256: str
    ) -> bool:
        """Mark the thumbnails made; False when they were before (a step that ran again)."""
        moved = await self._session.execute(
            update(MediaRow)
            .where(
                MediaRow.space_id == media.space_id,
                MediaRow.id == media.id,
                MediaRow.status != "ready",
            )
            .values(
                status="ready", width=width, height=height, placeholder=placeholder, problem=None
            )
            .returning(MediaRow.blob_id)
        )
        blob_id = moved.scalar()
        if blob_id is None:
            return False
        await self._session.execute(
            update(BlobRow)
            .where(BlobRow.space_id == media.space_id, BlobRow.id == blob_id)
            .values(sha256=sha256, state="stored")
        )
        return True

    async def hold(self, space_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
        """Count one more user of each whose bytes have come; the ids that were found."""
        return await self._count(
            space_id,
            ids,
            MediaRow.status != "awaiting_upload",
            holds=MediaRow.holds + 1,
            unheld_since=null(),
        )

    async def release(self, space_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
        """Count one user less of each; the last one starts the grace period."""
        return await self._count(
            space_id,
            ids,
            holds=func.greatest(MediaRow.holds - 1, 0),
            unheld_since=case((MediaRow.holds <= 1, now()), else_=null()),
        )

    async def _count(
        self,
        space_id: UUID,
        ids: Sequence[UUID],
        *conditions: ColumnElement[bool],
        holds: ColumnElement[Any],
        unheld_since: ColumnElement[Any],
    ) -> set[UUID]:
        chosen = (MediaRow.space_id == space_id, MediaRow.id.in_(ids), *conditions)
        locked = await self._session.execute(
            select(MediaRow.id).where(*chosen).order_by(MediaRow.id).with_for_update()
        )
        found = set(locked.scalars())
        if found:
            await self._session.execute(
                update(MediaRow).where(*chosen).values(holds=holds, unheld_since=unheld_since)
            )
        return found

    async def lock(self, space_id: UUID, ids: Sequence[UUID]) -> None:
        """Nobody holds or releases these before the transaction ends."""
        await self._session.execute(
            select(MediaRow.id)
            .where(MediaRow.space_id == space_id, MediaRow.id.in_(ids))
            .order_by(MediaRow.id)
            .with_for_update()
        )

    async def set_holds(self, space_id: UUID, holds: Mapping[UUID, int], at: datetime) -> None:
        """What the holds of these really are; the grace of what is unheld already goes on."""
        by_count: dict[int, list[UUID]] = {}
        for media_id, count in holds.items():
            by_count.setdefault(count, []).append(media_id)
        for count, ids in by_count.items():
            since = null() if count else func.coalesce(MediaRow.unheld_since, at)
            await self._session.execute(
                update(MediaRow)
                .where(MediaRow.space_id == space_id, MediaRow.id.in_(ids))
                .values(holds=count, unheld_since=since)
            )

    async def unheld(self, space_id: UUID, before: datetime, limit: int) -> list[UUID]:
        """Media that nothing uses since before that instant, and that have no crops, locked."""
        crop = aliased(MediaRow)
        rows = await self._session.execute(
            select(MediaRow.id)
            .where(
                MediaRow.space_id == space_id,
                MediaRow.unheld_since < before,
                MediaRow.holds == 0,
                ~exists().where(crop.space_id == space_id, crop.parent_id == MediaRow.id),
            )
            .order_by(MediaRow.unheld_since)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(rows.scalars())

    async def lock_unheld(self, space_id: UUID, media_id: UUID) -> bool:
        """Lock one medium if nothing uses it: no item, no scan, no crop."""
        crop = aliased(MediaRow)
        found = await self._session.execute(
            select(MediaRow.id)
            .where(
                MediaRow.space_id == space_id,
                MediaRow.id == media_id,
                MediaRow.holds == 0,
                ~exists().where(crop.space_id == space_id, crop.parent_id == media_id),
            )
            .with_for_update()
        )
        return found.first() is not None

    async def remove(self, space_id: UUID, ids: Sequence[UUID], at: datetime) -> None:
        """Delete media and variants; each blob loses a reference, the last starts its grace."""
        variants = await self._session.execute(
            delete(VariantRow)
            .where(VariantRow.space_id == space_id, VariantRow.media_id.in_(ids))
            .returning(VariantRow.blob_id)
        )
        media = await self._session.execute(
            delete(MediaRow)
            .where(MediaRow.space_id == space_id, MediaRow.id.in_(ids))
            .returning(MediaRow.blob_id)
        )
        for blob_id in [*variants.scalars(), *media.scalars()]:
            await self._session.execute(
                update(BlobRow)
                .where(BlobRow.space_id == space_id, BlobRow.id == blob_id)
                .values(
                    references_count=func.greatest(BlobRow.references_count - 1, 0),
                    unreferenced_at=case((BlobRow.references_count <= 1, at), else_=null()),
                )
            )

    async def judge_blobs(self, space_id: UUID, before: datetime, at: datetime) -> None:
        """Believe what refers to blobs, not what was counted; the scope must see the whole space.

        One that nothing refers to and that was made before that instant starts its grace: the
        thumbnails of a medium that went while they were made. What something refers to is kept.
        """
        mine = BlobRow.space_id == space_id
        await self._session.execute(
            update(BlobRow)
            .where(
                mine,
                BlobRow.unreferenced_at.is_(None),
                BlobRow.created_at < before,
                is_forgotten(space_id),
            )
            .values(references_count=0, unreferenced_at=at)
        )
        await self._session.execute(
            update(BlobRow)
            .where(mine, BlobRow.unreferenced_at.is_not(None), is_shown(space_id))
            .values(references_count=references(space_id), unreferenced_at=None)
        )

    async def doomed(self, space_id: UUID, before: datetime, limit: int) -> dict[UUID, str]:
        """Blobs without any reference since before that instant: id to key, locked."""
        rows = await self._session.execute(
            select(BlobRow.id, BlobRow.key)
            .where(
                BlobRow.space_id == space_id,
                BlobRow.unreferenced_at < before,
                BlobRow.references_count == 0,
                is_forgotten(space_id),
            )
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return {row.id: row.key for row in rows}

    async def something_waits(self, space_id: UUID) -> bool:
        """Whether any medium is unheld or any blob unreferenced."""
        found = await self._session.execute(
            select(
                exists().where(MediaRow.space_id == space_id, MediaRow.unheld_since.is_not(None))
                | exists().where(BlobRow.space_id == space_id, BlobRow.unreferenced_at.is_not(None))
            )
        )
        return found.scalar_one()

    async def forget_blobs(self, space_id: UUID, ids: Iterable[UUID]) -> None:
        """Delete rows of blobs whose objects are gone and that nothing refers to."""
        await self._session.execute(
            delete(BlobRow).where(
                BlobRow.space_id == space_id, BlobRow.id.in_(list(ids)), is_forgotten(space_id)
            )
        )

    async def blob_states(self, space_id: UUID) -> dict[str, tuple[str, datetime]]:
        """Every blob's state and age by key, for the audit."""
        rows = await self._session.execute(
            select(BlobRow.key, BlobRow.state, BlobRow.created_at).where(
                BlobRow.space_id == space_id
            )
        )
        return {row.key: (row.state, row.created_at) for row in rows}


def _with_bytes(space_id: UUID, sha256: str) -> Select[UUID, str]:
    return (
        select(BlobRow.id, BlobRow.key)
        .where(
            BlobRow.space_id == space_id,
            BlobRow.sha256 == sha256,
            BlobRow.state == "stored",
            BlobRow.references_count > 0,
        )
        .order_by(BlobRow.id)
        .limit(1)
    )


def _media(media: MediaRow, blob: BlobRow, variants: Mapping[str, Variant]) -> Media:
    return Media(
        space_id=media.space_id,
        id=media.id,
        parent_id=media.parent_id,
        filename=media.filename,
        content_type=blob.content_type,
        size=blob.size,
        width=media.width,
        height=media.height,
        sha256=blob.sha256,
        placeholder=media.placeholder,
        status=cast("MediaStatus", media.status),
        problem=media.problem,
        region=media.region,
        created_at=media.created_at,
        created_by=media.created_by,
        key=blob.key,
        variants=variants,
    )
