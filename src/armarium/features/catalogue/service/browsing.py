"""The catalogue room's face to routes and other rooms: catalogues, entries, identification."""

from collections.abc import Sequence
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.errors import NoSuchCatalogue, NoSuchEntry
from armarium.features.catalogue.models import (
    IMAGE_PATH,
    Catalogue,
    CatalogueSet,
    Entry,
    EntrySummary,
    ReferenceImage,
    TextIdentification,
)
from armarium.features.catalogue.service.identifying import TextIdentifier
from armarium.features.catalogue.service.references import CatalogueReferences
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import Forbidden
from armarium.platform.http.principal import Principal
from armarium.platform.paging import Page, PageParams, decode_cursor, encode_cursor
from armarium.ports.blobs import BlobStore
from armarium.ports.vision import ImageFeatures

MOST_FOUND = 1000
"""A search in a catalogue goes no deeper than this."""


class CatalogueService:
    """Reference entries as a space sees them."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: BlobStore,
        identifier: TextIdentifier,
        references: CatalogueReferences,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._identifier = identifier
        self._references = references

    async def catalogues(self, scope: Scope) -> list[Catalogue]:
        """Every catalogue."""
        async with self._database.transaction(scope) as session:
            return await store.list_catalogues(session)

    async def exists(self, scope: Scope, slug: str) -> bool:
        """Whether there is a catalogue of that slug."""
        async with self._database.transaction(scope) as session:
            return await store.get_catalogue(session, slug) is not None

    async def sets(self, scope: Scope, slug: str) -> list[CatalogueSet]:
        """The sets of a catalogue, newest first."""
        async with self._database.transaction(scope) as session:
            row = await store.get_catalogue(session, slug)
            if row is None:
                raise NoSuchCatalogue
            return await store.list_sets(session, row.id)

    async def list_entries(
        self,
        principal: Principal,
        slug: str,
        params: PageParams,
        *,
        text: str | None = None,
        set_code: str | None = None,
    ) -> Page[Entry]:
        """Entries of a catalogue in their order, or by how well they fit `text`."""
        async with self._database.transaction(principal.scope) as session:
            row = await store.get_catalogue(session, slug)
            if row is None:
                raise NoSuchCatalogue
            if not text:
                return await store.list_entries(
                    session, row.id, params, space_id=principal.space_id, set_code=set_code
                )
        return await self._search(principal, slug, text, params, set_code)

    async def _search(
        self, principal: Principal, slug: str, text: str, params: PageParams, set_code: str | None
    ) -> Page[Entry]:
        """Ranked, so the cursor is the last entry shown, not a sort key."""
        found = await self._identifier.search(slug, text, MOST_FOUND)
        if set_code is not None:
            async with self._database.transaction(principal.scope) as session:
                kept = await store.in_set(session, found, set_code)
            found = [each for each in found if each in kept]
        start = 0
        if params.cursor is not None:
            last = decode_cursor(params.cursor)
            start = next((at + 1 for at, each in enumerate(found) if str(each) == last), len(found))
        shown = found[start : start + params.limit]
        entries = await self._entries(principal.scope, shown)
        following = encode_cursor(str(shown[-1])) if start + params.limit < len(found) else None
        return Page([entries[each] for each in shown if each in entries], following)

    async def _entries(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Entry]:
        async with self._database.transaction(scope) as session:
            return await store.get_entries(session, ids, _space(scope))

    async def get(self, principal: Principal, entry_id: UUID) -> Entry:
        """One entry with the space's correction."""
        found = await self._entries(principal.scope, [entry_id])
        if entry_id not in found:
            raise NoSuchEntry
        return found[entry_id]

    async def entries(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, EntrySummary]:
        """Entries for other rooms, by id; those that do not exist are left out."""
        async with self._database.transaction(scope) as session:
            return await self.entries_in(session, ids)

    async def entries_in(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, EntrySummary]:
        """The same inside the caller's transaction."""
        scope: Scope = session.info["scope"]
        found = await store.get_entries(session, ids, _space(scope))
        return {entry_id: summary_of(entry) for entry_id, entry in found.items()}

    async def identify_text(
        self,
        scope: Scope,
        *,
        kind: str | None,
        text: str,
        lines: Sequence[str] = (),
        catalogue: str | None = None,
        limit: int = 10,
    ) -> TextIdentification:
        """What a read or typed text means; `lines` replace `text` when an engine gave them."""
        return await self._identifier.identify(
            scope,
            kind=kind,
            text="\n".join(lines) if lines else text,
            catalogue=catalogue,
            limit=limit,
        )

    async def visual_shortlist(
        self,
        scope: Scope,
        *,
        features: ImageFeatures,
        kind: str | None,
        catalogue: str | None,
        entry_ids: Sequence[UUID] = (),
        limit: int = 24,
    ) -> list[ReferenceImage]:
        """Reference images worth comparing with a picture, all when they are few."""
        del scope  # catalogues are shared
        return await self._references.shortlist(
            features=features, kind=kind, catalogue=catalogue, entry_ids=entry_ids, limit=limit
        )

    async def remove(self, principal: Principal, slug: str) -> None:
        """Delete a catalogue with its entries and pictures; items keep what they copied."""
        require_admin(principal)
        await self._remove(slug, principal.user_id)

    async def remove_as_operator(self, slug: str) -> None:
        """The same for whoever holds the machine."""
        await self._remove(slug, None)

    async def _remove(self, slug: str, actor: UUID | None) -> None:
        async with self._database.transaction(Scope()) as session:
            row = await store.get_catalogue(session, slug)
            if row is None:
                raise NoSuchCatalogue
            entry = AuditEntry(
                action=Action.CATALOGUE_REMOVED,
                actor=actor,
                target_type="catalogue",
                target_id=row.id,
                detail={"catalogue": slug, "entries": row.entry_count},
            )
            await record(session, entry)
            freed = await store.delete_catalogue(session, row.id)
        for key in freed:
            await self._blobs.delete(key)


def require_admin(principal: Principal) -> None:
    """Catalogues are shared by all spaces, so that only administrators change them."""
    if not principal.is_admin:
        raise Forbidden("Only an administrator may change a catalogue.")


def _space(scope: Scope) -> UUID | None:
    return scope.spaces[0] if scope.spaces else None


def summary_of(entry: Entry) -> EntrySummary:
    """An entry as other rooms take it."""
    return EntrySummary(
        id=entry.id,
        kind=entry.kind,
        catalogue=entry.catalogue,
        title=entry.title,
        subtitle=entry.subtitle,
        external_ids=entry.external_ids,
        fields=entry.fields,
        identifiers=entry.identifiers,
        image_url=None if entry.image_id is None else f"{IMAGE_PATH}/{entry.image_id}",
    )
