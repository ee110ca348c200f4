"""The inbox: accept, choose, identify, discard, many at once, and undo."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from armarium.features.collection import ItemNotFound, ItemWriter
from armarium.features.media import MediaKeeper
from armarium.features.recognition import store
from armarium.features.recognition.errors import (
    DetectionNotFound,
    NoCandidate,
    NothingChosen,
    NothingToUndo,
    StillReading,
)
from armarium.features.recognition.models import (
    DetectionView,
    Identification,
    Refused,
    ScanPhotoView,
)
from armarium.features.recognition.service.acts import AGAIN, Acts
from armarium.features.recognition.service.drafts import DraftService
from armarium.features.recognition.service.identification import IdentificationService
from armarium.features.recognition.tables import DetectionRow, ReviewActRow
from armarium.features.spaces import demand_editor
from armarium.kit.instants import now
from armarium.platform.database import Database, Session
from armarium.platform.errors import Problem
from armarium.platform.http.principal import Principal
from armarium.platform.paging import Page, PageParams

REOPEN = "reopen"
"""Taking back what the pipeline accepted by itself."""


class ReviewService:
    """A person's decisions over what the pipeline would not decide alone."""

    def __init__(
        self,
        *,
        database: Database,
        acts: Acts,
        drafts: DraftService,
        items: ItemWriter,
        keeper: MediaKeeper,
        identification: IdentificationService,
    ) -> None:
        self._database = database
        self._acts = acts
        self._drafts = drafts
        self._items = items
        self._keeper = keeper
        self._identification = identification

    async def waiting(
        self, principal: Principal, *, kind: str | None, params: PageParams
    ) -> Page[tuple[DetectionView, ScanPhotoView]]:
        """What waits for a decision, oldest photo first."""
        async with self._database.transaction(principal.scope) as session:
            return await store.list_waiting(session, kind=kind, params=params)

    async def count(self, principal: Principal) -> int:
        """How many detections wait."""
        async with self._database.transaction(principal.scope) as session:
            return await store.count_waiting(session)

    async def get(self, principal: Principal, detection_id: UUID) -> DetectionView:
        """One detection."""
        async with self._database.transaction(principal.scope) as session:
            found = await store.get_detection(session, detection_id)
        if found is None:
            raise DetectionNotFound
        return found

    async def accept(self, principal: Principal, detection_id: UUID) -> DetectionView:
        """Take the first candidate."""
        async with self._database.transaction(principal.scope) as session:
            (row,) = await self._acts.lock_open(session, principal, [detection_id])
            if not row.candidates:
                raise NoCandidate
            return await self._take(session, principal, row, UUID(row.candidates[0]["entry_id"]))

    async def choose(
        self,
        principal: Principal,
        detection_id: UUID,
        *,
        entry_id: UUID | None,
        title: str | None = None,
        kind: str | None = None,
    ) -> DetectionView:
        """Take another entry of the catalogue, or make an item by the title typed."""
        if (entry_id is None) == (title is None):
            raise NothingChosen(pointer="/catalogue_entry_id")
        await self._identification.require(principal.scope, kind=kind, catalogue=None)
        async with self._database.transaction(principal.scope) as session:
            (row,) = await self._acts.lock_open(session, principal, [detection_id])
            if entry_id is not None:
                return await self._take(session, principal, row, entry_id)
            before = self._acts.snapshot([row])
            row.kind = kind or row.kind
            row.item_id = await self._drafts.from_title(
                session, row, kind=row.kind, title=title or "", user_id=principal.user_id
            )
            return await self._decided(session, principal, row, before, "name")

    async def identify(
        self, principal: Principal, detection_id: UUID, *, text: str, kind: str | None
    ) -> Identification:
        """Candidates for what a person typed (a number, a title); decides nothing yet."""
        detection = await self.get(principal, detection_id)
        # What was taken for nothing in particular may be anything.
        known = None if detection.kind == "generic" else detection.kind
        return await self._identification.identify_text(
            principal.scope, kind=kind or known, text=text, catalogue=None, limit=8
        )

    async def discard(self, principal: Principal, detection_id: UUID) -> DetectionView:
        """Not an item, or not wanted; the photo stays."""
        async with self._database.transaction(principal.scope) as session:
            (row,) = await self._acts.lock_open(session, principal, [detection_id])
            before = self._acts.snapshot([row])
            row.state = "discarded"
            row.version += 1
            await self._acts.remember(session, principal, action="discard", before=before)
            return store.as_detection(row)

    async def accept_many(
        self, principal: Principal, detection_ids: Sequence[UUID]
    ) -> tuple[list[DetectionView], list[Refused]]:
        """Accept each for itself: one that cannot be accepted holds up no other."""
        accepted: list[DetectionView] = []
        refused: list[Refused] = []
        for detection_id in dict.fromkeys(detection_ids):
            try:
                accepted.append(await self.accept(principal, detection_id))
            except Problem as problem:
                refused.append(Refused(detection_id, problem.code, problem.detail))
        return accepted, refused

    async def undo(self, principal: Principal, detection_id: UUID) -> DetectionView:
        """Take the last act on this detection back; the item that it made goes.

        One to which something was added goes to the trash. One that nobody touched goes for good:
        put back beside what is decided next, it would be there twice.

        Accepting by the pipeline counts as an act: it puts the detection into the inbox. What it
        accepted of the parts of a split or a merge goes with them when the whole comes back.
        """
        demand_editor(principal)
        async with self._database.transaction(principal.scope) as session:
            act = await store.last_act(session, detection_id)
            if act is None:
                return await self._undo_pipeline(session, principal, detection_id)
            rows = {row.id: row for row in await store.lock_detections(session, act.detection_ids)}
            if rows.keys() != set(act.detection_ids):
                raise DetectionNotFound
            made = await store.lock_detections(session, act.made_detections)
            if any(row.state == "pending" for row in (*made, *rows.values())):
                raise StillReading
            if any(row.id == detection_id and row.state == "accepted" for row in made):
                return await self._undo_pipeline(session, principal, detection_id)
            if await self._was_decided(session, act, made):
                raise NothingToUndo
            # Marked although it is refused: what lies before it can be undone then.
            act.undone_at = now()
            is_undone = act.action != REOPEN or await self._restore(session, principal, act)
            if is_undone:
                await self._put_back(session, principal, act, rows, made)
            shown = store.as_detection(rows.get(detection_id) or next(iter(rows.values())))
        if not is_undone:
            raise NothingToUndo
        return shown

    async def _was_decided(
        self, session: Session, act: ReviewActRow, made: Sequence[DetectionRow]
    ) -> bool:
        """Whether a person decided on something that the act made; the pipeline does not count."""
        for row in made:
            if row.state != "open":
                last = await store.last_act(session, row.id)
                if last is None or last.id != act.id:
                    return True
        return False

    async def _put_back(
        self,
        session: Session,
        principal: Principal,
        act: ReviewActRow,
        rows: dict[UUID, DetectionRow],
        made: Sequence[DetectionRow],
    ) -> None:
        """All as it was before the act; what the act made goes, if it is still there."""
        crops = [row.crop_media_id for row in made if row.crop_media_id is not None]
        await self._keeper.release(session, principal.space_id, crops)
        await store.delete_detections(session, act.made_detections)
        again = rows.values() if act.action == AGAIN else ()
        found = (row.item_id for row in (*made, *again) if row.item_id is not None)
        for item_id in (*act.made_items, *found):
            with suppress(ItemNotFound):
                await self._items.withdraw(
                    session, principal.space_id, item_id, actor=principal.user_id
                )
        for before in act.before:
            row = rows[UUID(before["id"])]
            row.state, row.kind = before["state"], before["kind"]
            row.decision, row.candidates = before["decision"], before["candidates"]
            row.ocr = before.get("ocr", row.ocr)
            row.item_id = None if before["item_id"] is None else UUID(before["item_id"])
            row.version += 1

    async def _restore(self, session: Session, principal: Principal, act: ReviewActRow) -> bool:
        """Whether what an act had trashed is out of the trash again; False when it is gone."""
        try:
            for item_id in (before["item_id"] for before in act.before):
                await self._items.restore(
                    session, principal.space_id, UUID(item_id), actor=principal.user_id
                )
        except ItemNotFound:
            return False
        return True

    async def _undo_pipeline(
        self, session: Session, principal: Principal, detection_id: UUID
    ) -> DetectionView:
        rows = await store.lock_detections(session, [detection_id])
        if not rows:
            raise DetectionNotFound
        (row,) = rows
        if row.state != "accepted" or row.item_id is None:
            raise NothingToUndo
        before = self._acts.snapshot(rows)
        with suppress(ItemNotFound):
            await self._items.trash(
                session, principal.space_id, row.item_id, actor=principal.user_id
            )
        row.state, row.decision, row.item_id = "open", "review", None
        row.version += 1
        await self._acts.remember(session, principal, action=REOPEN, before=before)
        return store.as_detection(row)

    async def _take(
        self, session: Session, principal: Principal, row: DetectionRow, entry_id: UUID
    ) -> DetectionView:
        before = self._acts.snapshot([row])
        row.item_id = await self._drafts.from_candidate(
            session, row, entry_id, user_id=principal.user_id
        )
        return await self._decided(session, principal, row, before, "accept")

    async def _decided(
        self,
        session: Session,
        principal: Principal,
        row: DetectionRow,
        before: list[dict[str, object]],
        action: str,
    ) -> DetectionView:
        row.state = "accepted"
        row.version += 1
        made = [] if row.item_id is None else [row.item_id]
        await self._acts.remember(session, principal, action=action, before=before, made_items=made)
        return store.as_detection(row)
