"""Rows of archives, and the rows that an archive brings. Never commits, never decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.operations.models import Archive, SpaceLine
from armarium.features.operations.tables import ArchiveRow
from armarium.platform.archive import BadArchive
from armarium.platform.owned import OwnedData, OwnedTables
from armarium.platform.paging import BadCursor, Page, PageParams, decode_cursor, encode_cursor
from armarium.platform.workflows.jobs import STATES

OWNED = OwnedTables("operations", ArchiveRow)
EVERY_SPACE = text("select id from spaces_space order by id")
SPACES = text(
    "select s.id, s.kind, s.name, s.created_at, s.deleted_at, o.email as owner,"
    " (select count(*) from spaces_member m where m.space_id = s.id) as members"
    " from spaces_space s left join lateral (select u.email, u.display_name"
    " from spaces_member m join accounts_user u on u.id = m.user_id"
    " where m.space_id = s.id and m.role = 'owner'"
    " order by m.user_id = s.id desc, m.created_at, m.user_id limit 1) o on true"
    " where s.id < :after"
    " and (cast(:ids as uuid[]) is null or s.id = any(cast(:ids as uuid[])))"
    " and (cast(:text as text) is null or s.name ilike :text or o.email ilike :text"
    " or o.display_name ilike :text)"
    " order by s.id desc limit :limit"
)
IMPORTS = text("select pg_advisory_xact_lock(hashtextextended('import:' || :space_id, 0))")
UNDER_WAY = text(
    "select exists (select from engine.jobs(false, :states, 'custody', null, null, 200)"
    " where name = 'BringArchive' and space_id = :space_id)"
)
LAST_ID = UUID(int=2**128 - 1)
TARGETS = text(
    "select l.target, l.target_id from spaces_link l where l.space_id = :space_id"
    " and (exists (select from items i where i.space_id = l.space_id and i.id = l.target_id)"
    " or exists (select from spaces_collection c"
    " where c.space_id = l.space_id and c.id = l.target_id))"
)
AS_ADMIN = text("select set_config('arm.admin', 'on', true)")


async def of_one_moment(session: AsyncSession) -> None:
    """All that this transaction reads is of one moment; call it first of all."""
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def seen_targets(session: AsyncSession, space_id: UUID) -> set[tuple[str, UUID]]:
    """What the space's links point to, as far as this transaction may see it."""
    rows = await session.execute(TARGETS, {"space_id": space_id})
    return {(row.target, row.target_id) for row in rows}


async def add(session: AsyncSession, archive: Archive) -> None:
    """A new archive, not made yet."""
    session.add(
        ArchiveRow(
            space_id=archive.space_id,
            id=archive.id,
            status=archive.status,
            requested_by=archive.requested_by,
            created_at=archive.created_at,
            counts={},
        )
    )
    await session.flush()


async def find(session: AsyncSession, space_id: UUID, archive_id: UUID) -> Archive | None:
    """One archive."""
    row = await session.get(ArchiveRow, (space_id, archive_id))
    return None if row is None else _archive(row)


async def of_space(session: AsyncSession, space_id: UUID) -> list[Archive]:
    """All that are remembered, newest first."""
    rows = await session.scalars(
        select(ArchiveRow)
        .where(ArchiveRow.space_id == space_id)
        .order_by(ArchiveRow.created_at.desc(), ArchiveRow.id.desc())
        .limit(50)
    )
    return [_archive(row) for row in rows]


async def mark(session: AsyncSession, space_id: UUID, archive_id: UUID, **values: Any) -> None:
    """Write what changed of an archive."""
    row = await session.get(ArchiveRow, (space_id, archive_id), with_for_update=True)
    if row is not None:
        for name, value in values.items():
            setattr(row, name, value)


async def bring(
    session: AsyncSession, owned: OwnedData, table: str, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Insert rows of an archive; what the database refuses is the archive's fault."""
    try:
        return await owned.bring(session, table, rows)
    except DBAPIError as error:
        if "row-level security" in str(error.orig):
            raise
        raise BadArchive(f"The database refused a row of {table}.") from error


async def bring_those_that_fit(
    session: AsyncSession, owned: OwnedData, table: str, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The same for rows that point to what this server may not have; those are left out."""
    added: list[Mapping[str, Any]] = []
    for row in rows:
        try:
            async with session.begin_nested():
                added += await owned.bring(session, table, [row])
        except IntegrityError:
            continue
    return added


async def is_bringing(session: AsyncSession, space_id: UUID) -> bool:
    """Whether an import into this space waits or runs; nobody begins one until we committed."""
    await session.execute(IMPORTS, {"space_id": str(space_id)})
    states = [*STATES["queued"], *STATES["running"]]
    asked = {"states": states, "space_id": space_id}
    return bool(await session.scalar(UNDER_WAY, asked))


async def every_space(session: AsyncSession) -> list[UUID]:
    """The ids of all spaces, for the erasure of a person's traces."""
    await session.execute(AS_ADMIN)
    return list(await session.scalars(EVERY_SPACE))


def _archive(row: ArchiveRow) -> Archive:
    return Archive(
        space_id=row.space_id,
        id=row.id,
        status=row.status,
        requested_by=row.requested_by,
        created_at=row.created_at,
        ready_at=row.ready_at,
        expires_at=row.expires_at,
        size=row.size,
        sha256=row.sha256,
        counts=dict(row.counts),
    )


def is_expired(archive: Archive, at: datetime) -> bool:
    """Whether its time is over."""
    return archive.expires_at is not None and archive.expires_at <= at


async def space_lines(
    session: AsyncSession,
    params: PageParams,
    *,
    words: str | None = None,
    ids: Sequence[UUID] | None = None,
) -> Page[SpaceLine]:
    """Every space, the newest id first; what it holds is not counted here."""
    try:
        after = LAST_ID if params.cursor is None else UUID(decode_cursor(params.cursor))
    except ValueError as error:
        raise BadCursor(pointer="query:cursor") from error
    await session.execute(AS_ADMIN)
    wanted = {"text": words and _containing(words), "ids": None if ids is None else list(ids)}
    rows = await session.execute(SPACES, {"after": after, "limit": params.limit + 1, **wanted})
    found = [SpaceLine(**row) for row in rows.mappings()]
    more = len(found) > params.limit
    page = found[: params.limit]
    return Page(page, encode_cursor(str(page[-1].id)) if more else None)


def _containing(words: str) -> str:
    for special in ("\\", "%", "_"):
        words = words.replace(special, f"\\{special}")
    return f"%{words}%"
