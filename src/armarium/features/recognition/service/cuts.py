"""What is read anew: boxes that a person drew (split, merge), and finds to look at again."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from armarium.features.media import MediaKeeper, MediaPipeline, MediaService
from armarium.features.recognition import store
from armarium.features.recognition.errors import AlreadyDecided, BadBox, NotOnePhoto
from armarium.features.recognition.models import Box, DetectionView, ReadDetections
from armarium.features.recognition.service.acts import AGAIN, Acts
from armarium.features.recognition.tables import DetectionRow
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http.principal import Principal
from armarium.platform.workflows import Flows, Permanent, Temporary
from armarium.ports.inference import InferenceUnavailable, InputRefused
from armarium.ports.vision import VisionModel

CORNERS = 4
LEAST_AREA = 400.0
"""Square pixels; less cannot be read by anybody."""
MOST_PARTS = 60


class CutService:
    """Replaces detections by newly drawn ones and has those read."""

    def __init__(
        self,
        *,
        database: Database,
        flows: Flows,
        media: MediaService,
        pictures: MediaPipeline,
        keeper: MediaKeeper,
        vision: VisionModel,
        acts: Acts,
    ) -> None:
        self._database = database
        self._flows = flows
        self._media = media
        self._pictures = pictures
        self._keeper = keeper
        self._vision = vision
        self._acts = acts

    async def split(
        self, principal: Principal, detection_id: UUID, boxes: Sequence[Box]
    ) -> list[DetectionView]:
        """One detection becomes one a box; the new ones are read in the background."""
        if not 1 < len(boxes) <= MOST_PARTS:
            raise BadBox("Draw at least two boxes (at most 60).", pointer="/boxes")
        async with self._database.transaction(principal.scope) as session:
            (row,) = await self._acts.lock_open(session, principal, [detection_id])
            return await self._replace(session, principal, [row], boxes, action="split")

    async def merge(
        self, principal: Principal, detection_id: UUID, others: Sequence[UUID]
    ) -> DetectionView:
        """Several detections of one photo become the one whose box holds them all."""
        wanted = list(dict.fromkeys([detection_id, *others]))
        if len(wanted) == 1:
            raise NotOnePhoto(pointer="/detection_ids")
        async with self._database.transaction(principal.scope) as session:
            rows = await self._acts.lock_open(session, principal, wanted)
            if len({row.photo_id for row in rows}) != 1:
                raise NotOnePhoto(pointer="/detection_ids")
            box = enclosing([tuple(map(tuple, row.box)) for row in rows])
            (merged,) = await self._replace(session, principal, rows, [box], action="merge")
            return merged

    async def look_again(
        self, principal: Principal, detection_ids: Sequence[UUID]
    ) -> list[DetectionView]:
        """Read and identify waiting finds anew: a catalogue came, or was corrected.

        Those that were decided meanwhile are left as they are. Each can be undone for itself.
        """
        async with self._database.transaction(principal.scope) as session:
            found = await self._acts.lock(session, principal, detection_ids)
            rows = [row for row in found if row.state == "open"]
            if not rows:
                raise AlreadyDecided(state=found[0].state)
            for row in rows:
                (before,) = self._acts.snapshot([row])
                before["ocr"] = row.ocr
                await self._acts.remember(session, principal, action=AGAIN, before=[before])
                # As one that was never read: that is how a job that fails gives it back.
                row.state, row.ocr = "pending", {}
                row.version += 1
            photo_of = attrgetter("photo_id")
            for photo_id, some in groupby(sorted(rows, key=photo_of), photo_of):
                same = list(some)
                command = ReadDetections(
                    same[0].space_id,
                    principal.user_id,
                    same[0].scan_id,
                    photo_id,
                    [row.id for row in same],
                )
                await self._flows.enqueue(session, command)
            return [store.as_detection(row) for row in rows]

    async def cut(self, command: ReadDetections) -> list[dict[str, Any]]:
        """The workflow's step: cut every new box out of the photo and keep the crops.

        What was cut before is taken as it is; it may have been turned since.
        """
        scope = Scope.of_space(command.space_id)
        async with self._database.transaction(scope) as session:
            rows = await store.lock_detections(session, command.detection_ids)
            boxes = [(row.id, row.media_id, row.crop_media_id, row.box) for row in rows]
        cut: list[dict[str, Any]] = []
        for row_id, media_id, crop_id, box in boxes:
            if crop_id is not None:
                cut.append({"id": str(row_id), "crop_media_id": str(crop_id)})
                continue
            original = await self._media.read_original(scope, media_id)
            try:
                found = await self._vision.crop(original, as_quad(box))
            except InputRefused as error:
                raise Permanent(error.detail) from error
            except InferenceUnavailable as error:
                raise Temporary(error.detail, delay=error.delay) from error
            crop = await self._pictures.store_crop(
                scope, media_id, found.crop, region=box, crop_id=uuid5(row_id, "crop")
            )
            await self._keep(scope, row_id, crop.id, asdict(found.quality))
            cut.append({"id": str(row_id), "crop_media_id": str(crop.id)})
        return cut

    async def _keep(
        self, scope: Scope, detection_id: UUID, crop: UUID, quality: dict[str, Any]
    ) -> None:
        """Show the crop while it is read; held once, however often the step runs."""
        async with self._database.transaction(scope) as session:
            rows = await store.lock_detections(session, [detection_id])
            for row in rows:
                if row.crop_media_id is None:
                    await self._keeper.hold(session, row.space_id, [crop])
                    row.crop_media_id, row.quality = crop, quality

    async def _replace(
        self,
        session: Session,
        principal: Principal,
        rows: Sequence[DetectionRow],
        boxes: Sequence[Box],
        *,
        action: str,
    ) -> list[DetectionView]:
        first = rows[0]
        photo = await store.get_photo(session, first.photo_id)
        size = (photo[0].width, photo[0].height) if photo else (None, None)
        for index, box in enumerate(boxes):
            check_box(box, size, pointer=f"/boxes/{index}")
        made = [new_id() for _box in boxes]
        before = self._acts.snapshot(rows)
        store.add_detections(
            session,
            (
                {
                    "id": made_id,
                    "space_id": first.space_id,
                    "scan_id": first.scan_id,
                    "photo_id": first.photo_id,
                    "media_id": first.media_id,
                    "position": first.position,
                    "box": [list(corner) for corner in box],
                    "score": 1.0,
                    "region": "quad",
                    "kind": first.kind,
                    "quality": {},
                }
                for made_id, box in zip(made, boxes, strict=True)
            ),
        )
        for row in rows:
            row.state = "split" if action == "split" else "merged"
            row.version += 1
        await self._acts.remember(
            session, principal, action=action, before=before, made_detections=made
        )
        await session.flush()
        await self._flows.enqueue(
            session,
            ReadDetections(first.space_id, principal.user_id, first.scan_id, first.photo_id, made),
        )
        return [
            store.as_detection(row) for row in await store.lock_detections(session, sorted(made))
        ]


def check_box(box: Box, size: tuple[int | None, int | None], *, pointer: str) -> None:
    """Refuse what cannot be cut: not four corners, outside the photo, or without area."""
    if len(box) != CORNERS:
        raise BadBox(pointer=pointer)
    width, height = size
    if width is not None and height is not None:
        inside = all(-1 <= x <= width + 1 and -1 <= y <= height + 1 for x, y in box)
        if not inside:
            raise BadBox(pointer=pointer)
    doubled = sum(
        box[i][0] * box[(i + 1) % CORNERS][1] - box[(i + 1) % CORNERS][0] * box[i][1]
        for i in range(CORNERS)
    )
    if not abs(doubled) / 2 >= LEAST_AREA:
        raise BadBox(pointer=pointer)


def as_quad(box: Sequence[Sequence[float]]) -> Any:
    """A stored box as the vision port takes it."""
    return tuple((float(x), float(y)) for x, y in box)


def enclosing(boxes: Sequence[Sequence[Sequence[float]]]) -> Box:
    """The upright rectangle around all corners."""
    xs = [corner[0] for box in boxes for corner in box]
    ys = [corner[1] for box in boxes for corner in box]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return ((left, top), (right, top), (right, bottom), (left, bottom))
