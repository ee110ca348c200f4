"""Rows of scans, detections and the acts of the review inbox. Never commits, never decides."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.recognition.models import (
    ENVELOPE_VERSION,
    Analysis,
    DetectionView,
    FeatureEnvelope,
    NewPhoto,
    ScanPhotoView,
    ScanView,
)
from armarium.features.recognition.tables import (
    DetectionRow,
    ReviewActRow,
    ScanPhotoRow,
    ScanRow,
)
from armarium.kit.instants import now
from armarium.platform.archive import Rule
from armarium.platform.owned import OwnedTables
from armarium.platform.paging import Page, PageParams, keyset_page

RULES = {
    "scans": Rule(),
    "scan_photos": Rule(part_of=("scan_id", "scans")),
    "detections": Rule(
        part_of=("scan_id", "scans"),
        structures={"box": 64, "ocr": 1024, "quality": 64, "candidates": 1024},
    ),
    "review_acts": Rule(
        structures={
            "before": 3584,
            "detection_ids": 64,
            "made_items": 64,
            "made_detections": 64,
        }
    ),
}
OWNED = OwnedTables("recognition", ScanRow, ScanPhotoRow, DetectionRow, ReviewActRow, rules=RULES)
"""What the room holds of a space."""


def as_photo(row: ScanPhotoRow) -> ScanPhotoView:
    """The view of a photo's row."""
    return ScanPhotoView(
        id=row.id,
        media_id=row.media_id,
        position=row.position,
        status=row.status,  # pyright: ignore[reportArgumentType] - a CHECK holds the vocabulary
        done=row.done,
        note=row.note,
        width=row.width,
        height=row.height,
        error=row.error,
    )


def as_detection(row: DetectionRow) -> DetectionView:
    """The view of a detection's row."""
    return DetectionView(
        id=row.id,
        scan_id=row.scan_id,
        photo_id=row.photo_id,
        media_id=row.media_id,
        crop_media_id=row.crop_media_id,
        position=row.position,
        box=tuple((float(x), float(y)) for x, y in row.box),
        score=row.score,
        region=row.region,
        kind=row.kind,
        ocr=row.ocr,
        quality=row.quality,
        candidates=row.candidates,
        decision=row.decision,  # pyright: ignore[reportArgumentType] - a CHECK holds the vocabulary
        state=row.state,  # pyright: ignore[reportArgumentType] - a CHECK holds the vocabulary
        item_id=row.item_id,
        version=row.version,
    )


def as_scan(
    row: ScanRow, photos: Sequence[ScanPhotoRow], detections: Sequence[DetectionRow] = ()
) -> ScanView:
    """The view of a scan with what belongs to it."""
    return ScanView(
        id=row.id,
        status=row.status,  # pyright: ignore[reportArgumentType] - a CHECK holds the vocabulary
        kind=row.kind,
        catalogue=row.catalogue,
        created_at=row.created_at,
        finished_at=row.finished_at,
        error=next((photo.error for photo in photos if photo.error), None),
        photos=tuple(as_photo(photo) for photo in photos),
        detections=tuple(as_detection(detection) for detection in detections),
    )


async def add_scan(
    session: AsyncSession,
    *,
    space_id: UUID,
    scan_id: UUID,
    user_id: UUID,
    kind: str | None,
    catalogue: str | None,
    photos: Sequence[NewPhoto],
) -> None:
    """Insert a scan, then its photos (no relationship tells the session their order)."""
    session.add(
        ScanRow(space_id=space_id, id=scan_id, kind=kind, catalogue=catalogue, created_by=user_id)
    )
    await session.flush()
    session.add_all(
        ScanPhotoRow(
            space_id=space_id,
            id=photo.id,
            scan_id=scan_id,
            media_id=photo.media_id,
            position=photo.position,
        )
        for photo in photos
    )


async def photos_of(session: AsyncSession, scan_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Photo rows by scan, in order."""
    found: dict[UUID, list[Any]] = {scan_id: [] for scan_id in scan_ids}
    rows = await session.scalars(
        select(ScanPhotoRow)
        .where(ScanPhotoRow.scan_id.in_(scan_ids))
        .order_by(ScanPhotoRow.scan_id, ScanPhotoRow.position)
    )
    for row in rows:
        found[row.scan_id].append(row)
    return found


async def get_scan(session: AsyncSession, scan_id: UUID) -> ScanView | None:
    """A scan with photos and detections in reading order; replaced detections left out."""
    row = await session.scalar(select(ScanRow).where(ScanRow.id == scan_id))
    if row is None:
        return None
    photos = (await photos_of(session, [scan_id]))[scan_id]
    order = {photo.id: photo.position for photo in photos}
    detections = list(
        await session.scalars(
            select(DetectionRow).where(
                DetectionRow.scan_id == scan_id,
                DetectionRow.state.not_in(("split", "merged")),
            )
        )
    )
    detections.sort(key=lambda detection: (order[detection.photo_id], detection.position))
    return as_scan(row, photos, detections)


async def list_scans(session: AsyncSession, params: PageParams) -> Page[ScanView]:
    """Scans, newest first, without their detections."""
    page = await keyset_page(
        session, select(ScanRow).order_by(ScanRow.created_at.desc(), ScanRow.id.desc()), params
    )
    photos = await photos_of(session, [row.id for row in page.rows])
    return page.map(lambda row: as_scan(row, photos[row.id]))


async def get_photo(session: AsyncSession, photo_id: UUID) -> tuple[ScanPhotoView, ScanView] | None:
    """A photo and its scan (without detections)."""
    row = (
        await session.execute(
            select(ScanPhotoRow, ScanRow)
            .join(
                ScanRow,
                (ScanRow.space_id == ScanPhotoRow.space_id) & (ScanRow.id == ScanPhotoRow.scan_id),
            )
            .where(ScanPhotoRow.id == photo_id)
        )
    ).first()
    return None if row is None else (as_photo(row[0]), as_scan(row[1], [row[0]]))


async def advance_photo(session: AsyncSession, photo_id: UUID, *, done: int, note: str) -> bool:
    """Move a running photo on; False when it is further, or at its end."""
    moved = await session.execute(
        update(ScanPhotoRow)
        .where(
            ScanPhotoRow.id == photo_id,
            ScanPhotoRow.status != "done",
            ScanPhotoRow.done <= done,
        )
        .values(status="running", done=done, note=note, error=None)
        .returning(ScanPhotoRow.id)
    )
    return moved.first() is not None


async def lock_photo(session: AsyncSession, photo_id: UUID) -> ScanPhotoView | None:
    """A photo, locked until the transaction ends."""
    row = await session.scalar(
        select(ScanPhotoRow).where(ScanPhotoRow.id == photo_id).with_for_update()
    )
    return None if row is None else as_photo(row)


async def set_photo(session: AsyncSession, photo_id: UUID, **values: Any) -> None:
    """Write what is known of a photo."""
    await session.execute(update(ScanPhotoRow).where(ScanPhotoRow.id == photo_id).values(**values))


async def settle_scan(session: AsyncSession, scan_id: UUID) -> None:
    """Set a scan's status from its photos: done when all ended, failed when none went well.

    The scan's row is locked, so that two photos that end at once agree on who was last.
    """
    scan = await session.scalar(select(ScanRow).where(ScanRow.id == scan_id).with_for_update())
    if scan is None:
        return
    states = list(
        await session.scalars(select(ScanPhotoRow.status).where(ScanPhotoRow.scan_id == scan_id))
    )
    if all(state in {"done", "failed"} for state in states):
        scan.status = "done" if "done" in states else "failed"
        scan.finished_at = now()
    else:
        scan.status, scan.finished_at = "running", None


def add_detections(session: AsyncSession, rows: Iterable[dict[str, Any]]) -> None:
    """Insert detections from plain values."""
    session.add_all(DetectionRow(**row) for row in rows)


async def get_detection(session: AsyncSession, detection_id: UUID) -> DetectionView | None:
    """One detection."""
    row = await session.scalar(select(DetectionRow).where(DetectionRow.id == detection_id))
    return None if row is None else as_detection(row)


async def detections_of_items(
    session: AsyncSession, space_id: UUID, item_ids: Sequence[UUID]
) -> list[DetectionView]:
    """The detections that became these items."""
    rows = await session.scalars(
        select(DetectionRow).where(
            DetectionRow.space_id == space_id, DetectionRow.item_id.in_(item_ids)
        )
    )
    return [as_detection(row) for row in rows]


async def analyses_of_item(session: AsyncSession, item_id: UUID) -> list[Analysis]:
    """What was read of the pictures that became this item, newest first."""
    rows = await session.scalars(
        select(DetectionRow)
        .where(DetectionRow.item_id == item_id)
        .order_by(DetectionRow.created_at.desc(), DetectionRow.id.desc())
    )
    return [_as_analysis(row, item_id) for row in rows]


def _as_analysis(row: DetectionRow, item_id: UUID) -> Analysis:
    seen = as_detection(row)
    return Analysis(
        id=seen.id,
        item_id=item_id,
        scan_id=seen.scan_id,
        created_at=row.created_at,
        features=FeatureEnvelope(
            version=ENVELOPE_VERSION,
            media_id=seen.crop_media_id or seen.media_id,
            box=seen.box,
            text=seen.ocr.get("text", ""),
            lines=seen.ocr.get("lines", []),
            kind=seen.kind,
            labels={seen.region: seen.score},
            quality=seen.quality,
        ),
        decision=seen.decision,
        state=seen.state,
        candidates=seen.candidates,
    )


async def lock_detections(
    session: AsyncSession, detection_ids: Sequence[UUID]
) -> list[DetectionRow]:
    """Rows locked in the order of their ids, so that two acts at once cannot deadlock."""
    rows = await session.scalars(
        select(DetectionRow)
        .where(DetectionRow.id.in_(detection_ids))
        .order_by(DetectionRow.id)
        .with_for_update()
    )
    return list(rows)


async def lock_unread(session: AsyncSession, photo_id: UUID) -> list[DetectionRow]:
    """A photo's detections that nothing was read of yet, locked in the order of their ids."""
    rows = await session.scalars(
        select(DetectionRow)
        .where(DetectionRow.photo_id == photo_id, DetectionRow.ocr == {})
        .order_by(DetectionRow.id)
        .with_for_update()
    )
    return list(rows)


async def list_waiting(
    session: AsyncSession, *, kind: str | None, params: PageParams
) -> Page[tuple[DetectionView, ScanPhotoView]]:
    """The inbox: open detections, oldest photo first, those of one photo side by side."""
    statement = (
        select(DetectionRow)
        .where(DetectionRow.state == "open")
        .order_by(DetectionRow.photo_id, DetectionRow.position, DetectionRow.id)
    )
    if kind is not None:
        statement = statement.where(DetectionRow.kind == kind)
    page = await keyset_page(session, statement, params)
    keys = {(row.space_id, row.photo_id) for row in page.rows}
    photos = {
        row.id: as_photo(row)
        for row in await session.scalars(
            select(ScanPhotoRow).where(tuple_(ScanPhotoRow.space_id, ScanPhotoRow.id).in_(keys))
        )
    }
    return page.map(lambda row: (as_detection(row), photos[row.photo_id]))


async def count_waiting(session: AsyncSession) -> int:
    """How many detections wait in the inbox."""
    counted = await session.scalar(
        select(func.count()).select_from(DetectionRow).where(DetectionRow.state == "open")
    )
    return counted or 0


def add_act(session: AsyncSession, **values: Any) -> None:
    """Remember an act of the inbox, with all that undoing it needs."""
    session.add(ReviewActRow(**values))


async def last_act(session: AsyncSession, detection_id: UUID) -> ReviewActRow | None:
    """The newest act not undone that touched or made this detection, locked."""
    return await session.scalar(
        select(ReviewActRow)
        .where(
            ReviewActRow.undone_at.is_(None),
            (ReviewActRow.detection_ids.any_() == detection_id)
            | (ReviewActRow.made_detections.any_() == detection_id),
        )
        .order_by(ReviewActRow.created_at.desc(), ReviewActRow.id.desc())
        .limit(1)
        .with_for_update()
    )


async def delete_detections(session: AsyncSession, detection_ids: Sequence[UUID]) -> None:
    """Remove detections that an undone split or merge had made."""
    for row in await lock_detections(session, detection_ids):
        await session.delete(row)


async def picture_uses(
    session: AsyncSession, space_id: UUID, media_ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """How many photos of scans and cut-out things each of these pictures is."""
    photos = select(ScanPhotoRow.media_id).where(
        ScanPhotoRow.space_id == space_id, ScanPhotoRow.media_id.in_(media_ids)
    )
    crops = select(DetectionRow.crop_media_id).where(
        DetectionRow.space_id == space_id, DetectionRow.crop_media_id.in_(media_ids)
    )
    return Counter(await session.scalars(photos.union_all(crops)))
