"""Starting a scan and following it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from armarium.features.media import MediaKeeper, MediaService
from armarium.features.recognition import store
from armarium.features.recognition.errors import NoFiles, ScanNotFound, TooManyFiles
from armarium.features.recognition.models import NewPhoto, ProcessPhoto, ScanView
from armarium.features.recognition.service.identification import IdentificationService
from armarium.features.spaces import demand_editor
from armarium.kit.ids import new_id
from armarium.platform.database import Database
from armarium.platform.errors import Problem
from armarium.platform.http.principal import Principal
from armarium.platform.paging import Page, PageParams
from armarium.platform.workflows import Flows

MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; its name and type are claims, not facts."""

    filename: str
    data: bytes


class ScanService:
    """Keeps every photo first, then hands each to its own workflow."""

    def __init__(
        self,
        *,
        database: Database,
        flows: Flows,
        media: MediaService,
        keeper: MediaKeeper,
        identification: IdentificationService,
    ) -> None:
        self._database = database
        self._flows = flows
        self._media = media
        self._keeper = keeper
        self._identification = identification

    async def start(
        self,
        principal: Principal,
        uploads: Sequence[Upload],
        *,
        kind: str | None,
        catalogue: str | None,
    ) -> ScanView:
        """Store the photos and enqueue one workflow each; refuses the whole if one is refused."""
        demand_editor(principal)
        if not uploads:
            raise NoFiles(pointer="/files")
        if len(uploads) > MOST_FILES:
            raise TooManyFiles(pointer="/files")
        await self._identification.require(principal.scope, kind=kind, catalogue=catalogue)
        photos = [
            await self._keep(principal, upload, position) for position, upload in enumerate(uploads)
        ]
        scan_id = new_id()
        async with self._database.transaction(principal.scope) as session:
            await store.add_scan(
                session,
                space_id=principal.space_id,
                scan_id=scan_id,
                user_id=principal.user_id,
                kind=kind,
                catalogue=catalogue,
                photos=photos,
            )
            await session.flush()
            await self._keeper.hold(
                session, principal.space_id, [photo.media_id for photo in photos]
            )
            for photo in photos:
                await self._flows.enqueue(
                    session,
                    ProcessPhoto(principal.space_id, principal.user_id, scan_id, photo.id),
                    workflow_id=f"photo:{photo.id}",
                )
        return await self.get(principal, scan_id)

    async def get(self, principal: Principal, scan_id: UUID) -> ScanView:
        """A scan with all that was found so far."""
        async with self._database.transaction(principal.scope) as session:
            scan = await store.get_scan(session, scan_id)
        if scan is None:
            raise ScanNotFound
        return scan

    async def list(self, principal: Principal, params: PageParams) -> Page[ScanView]:
        """Scans, newest first."""
        async with self._database.transaction(principal.scope) as session:
            return await store.list_scans(session, params)

    async def _keep(self, principal: Principal, upload: Upload, position: int) -> NewPhoto:
        """Store one photo; a refusal names it, and what came before it is swept after a day."""
        try:
            stored = await self._media.create(
                principal, upload.data, upload.filename, process=False
            )
        except Problem as problem:
            problem.pointer = f"/files/{position}"
            raise
        return NewPhoto(new_id(), stored.id, position)
