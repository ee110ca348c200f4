"""The steps that take a photo from upload to drafts; workflows.py strings them together.

Each step is idempotent: it may run twice when its worker is killed inside it. What must happen
once (rows of detections, items) happens in `found` and `draft`, which run with their checkpoint
in one transaction.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid5

from armarium.features.media import MediaKeeper, MediaPipeline, MediaService
from armarium.features.recognition import store
from armarium.features.recognition.errors import ScanNotFound
from armarium.features.recognition.events import AnalysisComplete, ScanProgressed
from armarium.features.recognition.models import (
    STEPS_A_PHOTO,
    ProcessPhoto,
    ReadDetections,
    ScanPhotoView,
    ScanView,
)
from armarium.features.recognition.policy import place_id
from armarium.features.recognition.service.drafts import DraftService
from armarium.features.recognition.service.identification import IdentificationService, as_json
from armarium.features.recognition.tables import DetectionRow
from armarium.kit.features import dump_features, load_features
from armarium.platform.database import Database, Scope, Session
from armarium.platform.events import emit
from armarium.platform.workflows import Permanent, Temporary
from armarium.ports.inference import InferenceUnavailable, InputRefused
from armarium.ports.ocr import Reading, TextLine, TextReader
from armarium.ports.vision import Detection, VisionModel

Command = ProcessPhoto | ReadDetections
QUARTER = 90

LOOKS_AT_ONCE = 8
"""Calls of the models that one worker has under way. They work a few at a time; sixty crops sent
at once would wait longer than one may for an answer, or be turned away."""

KEPT_AT_ONCE = 4
"""Crops whose thumbnails are made side by side."""


class PhotoPipeline:
    """Everything that a photo goes through, a method a step."""

    def __init__(
        self,
        *,
        database: Database,
        media: MediaService,
        pictures: MediaPipeline,
        keeper: MediaKeeper,
        vision: VisionModel,
        reader: TextReader,
        identification: IdentificationService,
        drafts: DraftService,
    ) -> None:
        self._database = database
        self._media = media
        self._pictures = pictures
        self._keeper = keeper
        self._vision = vision
        self._reader = reader
        self._identification = identification
        self._drafts = drafts
        self._looks = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._keeps = asyncio.Semaphore(KEPT_AT_ONCE)

    async def thumbnails(self, command: ProcessPhoto) -> None:
        """Upright derivatives of the photo, so that the page has something to show."""
        photo, _scan = await self._photo(command)
        scope = Scope.of_space(command.space_id)
        made = await self._pictures.make_thumbnails(scope, photo.media_id)
        if made.status == "failed":
            raise Permanent(f"the photo cannot be decoded ({made.problem})")
        await self.step_done(command, 1, "finding")

    async def detect(self, command: ProcessPhoto) -> dict[str, Any]:
        """Find, straighten and keep each thing; answers their ids and places."""
        photo, _scan = await self._photo(command)
        scope = Scope.of_space(command.space_id)
        async with self._looking():
            original = await self._media.read_original(scope, photo.media_id)
            found = await self._vision.detect(original)
        kept = await asyncio.gather(
            *(
                self._keep(scope, photo, position, detection)
                for position, detection in enumerate(found.detections)
            )
        )
        return {"width": found.width, "height": found.height, "detections": kept}

    async def found(
        self, session: Session, command: ProcessPhoto, answer: Mapping[str, Any]
    ) -> None:
        """Insert the detections as pending, so that boxes show while they are read."""
        loaded = await store.get_photo(session, command.photo_id)
        if loaded is None:
            raise Permanent("the photo's scan was removed")
        photo, scan = loaded
        store.add_detections(
            session,
            (
                {
                    **detection,
                    "id": UUID(detection["id"]),
                    "crop_media_id": UUID(detection["crop_media_id"]),
                    "space_id": command.space_id,
                    "scan_id": command.scan_id,
                    "photo_id": command.photo_id,
                    "media_id": photo.media_id,
                    "kind": scan.kind or "generic",
                }
                for detection in answer["detections"]
            ),
        )
        crops = [UUID(detection["crop_media_id"]) for detection in answer["detections"]]
        # From here on: a job that is redriven after days still finds them.
        await self._keeper.hold(session, command.space_id, crops)
        await store.set_photo(
            session, command.photo_id, width=answer["width"], height=answer["height"]
        )
        await self._move_on(session, command, 2, "reading")

    async def read(self, command: Command, crop_media_id: str) -> dict[str, Any]:
        """The text of a crop, with places and confidences."""
        async with self._looking():
            return asdict(await self._reader.read(await self._crop(command, crop_media_id)))

    async def describe(self, command: Command, crop_media_id: str) -> dict[str, Any]:
        """The visual features of a crop, as JSON for the checkpoint."""
        async with self._looking():
            crop = await self._crop(command, crop_media_id)
            return dump_features(await self._vision.features(crop))

    async def identify(
        self, command: Command, reading: Mapping[str, Any], features: dict[str, Any]
    ) -> dict[str, Any]:
        """Candidates and decision for one crop."""
        _photo, scan = await self._photo(command)
        async with self._looking():
            identified = await self._identification.identify_crop(
                Scope.of_space(command.space_id),
                kind=scan.kind,
                catalogue=scan.catalogue,
                reading=load_reading(reading),
                features=load_features(features),
            )
        return {
            "decision": identified.decision,
            "kind": identified.kind,
            "rotation": identified.rotation,
            "candidates": as_json(identified.candidates),
        }

    async def upright(self, command: Command, crop_media_id: str, rotation: int) -> str:
        """A crop turned as it should be looked at; answers the id of the picture to show."""
        crop = UUID(crop_media_id)
        turned = await self._pictures.turn_crop(
            Scope.of_space(command.space_id), crop, rotation, turned_id=uuid5(crop, str(rotation))
        )
        return str(turned.id)

    async def draft(
        self, session: Session, command: Command, results: Sequence[Mapping[str, Any]]
    ) -> None:
        """Write what was found out; accepted detections become items, searchable on commit."""
        rows = {
            row.id: row
            for row in await store.lock_detections(
                session, [UUID(result["id"]) for result in results]
            )
        }
        for result in results:
            row = rows.get(UUID(result["id"]))
            if row is None or not is_unread(row):
                continue
            await self._show(session, row, UUID(result["crop_media_id"]))
            row.ocr = {name: result["reading"][name] for name in ("text", "lines", "confidence")}
            row.candidates = result["candidates"]
            row.decision, row.kind = result["decision"], result["kind"]
            row.state = "open"
            if row.decision == "accepted":
                row.state = "accepted"
                row.item_id = await self._drafts.from_candidate(
                    session, row, UUID(row.candidates[0]["entry_id"]), user_id=command.user_id
                )
            row.version += 1
            await emit(
                session,
                AnalysisComplete(
                    space_id=command.space_id,
                    item_id=row.item_id,
                    analysis_id=row.id,
                    user_id=command.user_id,
                ),
            )
        if isinstance(command, ProcessPhoto):
            await store.set_photo(
                session,
                command.photo_id,
                status="done",
                done=STEPS_A_PHOTO,
                note="done",
                error=None,
            )
            await store.settle_scan(session, command.scan_id)
            await self._say(session, command, STEPS_A_PHOTO, "done")

    async def step_done(self, command: Command, done: int, note: str) -> None:
        """Move the progress of a photo on, for waves of steps."""
        if isinstance(command, ProcessPhoto):
            async with self._database.transaction(Scope.of_space(command.space_id)) as session:
                await self._move_on(session, command, done, note)

    async def _show(self, session: Session, row: DetectionRow, crop: UUID) -> None:
        """Show another crop than the one first cut, and let that one go."""
        if row.crop_media_id == crop:
            return
        await self._keeper.hold(session, row.space_id, [crop])
        if row.crop_media_id is not None:
            await self._keeper.release(session, row.space_id, [row.crop_media_id])
        row.crop_media_id = crop

    async def _move_on(self, session: Session, command: ProcessPhoto, done: int, note: str) -> None:
        """Say how far the photo is; what a worker that was taken for dead says late is dropped."""
        if await store.advance_photo(session, command.photo_id, done=done, note=note):
            await store.settle_scan(session, command.scan_id)
            await self._say(session, command, done, note)

    async def _say(self, session: Session, command: ProcessPhoto, done: int, note: str) -> None:
        await emit(
            session,
            ScanProgressed(
                space_id=command.space_id,
                scan_id=command.scan_id,
                photo_id=command.photo_id,
                done=done,
                total=STEPS_A_PHOTO,
                note=note,
            ),
        )

    @asynccontextmanager
    async def _looking(self) -> AsyncGenerator[None]:
        """A turn at the models, and their refusals as the engine's."""
        async with self._looks:
            try:
                yield
            except InputRefused as error:
                raise Permanent(error.detail) from error
            except InferenceUnavailable as error:
                raise Temporary(error.detail, delay=error.delay) from error

    async def _photo(self, command: Command) -> tuple[ScanPhotoView, ScanView]:
        async with self._database.transaction(Scope.of_space(command.space_id)) as session:
            loaded = await store.get_photo(session, command.photo_id)
        if loaded is None:
            raise ScanNotFound
        return loaded

    async def _crop(self, command: Command, crop_media_id: str) -> bytes:
        return await self._media.read_original(
            Scope.of_space(command.space_id), UUID(crop_media_id)
        )

    async def _keep(
        self, scope: Scope, photo: ScanPhotoView, position: int, detection: Detection
    ) -> dict[str, Any]:
        """Ids follow from the photo and the place, so that a second run finds the first's crops."""
        detection_id = place_id(photo.id, position)
        async with self._keeps:
            crop = await self._pictures.store_crop(
                scope,
                photo.media_id,
                detection.crop,
                region=[list(corner) for corner in detection.box],
                crop_id=uuid5(detection_id, "crop"),
            )
        return {
            "id": str(detection_id),
            "crop_media_id": str(crop.id),
            "position": position,
            "box": [list(corner) for corner in detection.box],
            "score": detection.score,
            "region": detection.region,
            "quality": asdict(detection.quality),
        }


def is_unread(row: DetectionRow) -> bool:
    """Whether nobody has decided; a job that had failed left it open for a person, unread."""
    return row.state == "pending" or (row.state == "open" and not row.ocr)


def load_reading(values: Mapping[str, Any]) -> Reading:
    """A reading back from its checkpoint."""
    lines: list[TextLine] = []
    for line in values["lines"]:
        kept: dict[str, Any] = {**line, "box": tuple((x, y) for x, y in line["box"])}
        lines.append(TextLine(**kept))
    whole: dict[str, Any] = {**values, "lines": tuple(lines)}
    return Reading(**whole)


def turned(reading: Mapping[str, Any], degrees: int, *, width: int, height: int) -> dict[str, Any]:
    """A reading whose boxes lie in the crop turned clockwise by `degrees`."""

    def turn(x: float, y: float) -> list[float]:
        if degrees == QUARTER:
            return [height - y, x]
        if degrees == 2 * QUARTER:
            return [width - x, height - y]
        return [y, width - x] if degrees == 3 * QUARTER else [x, y]

    lines = [{**line, "box": [turn(x, y) for x, y in line["box"]]} for line in reading["lines"]]
    return {**reading, "lines": lines}
