"""Rows of programs, their codes and consents; never commits, never decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import ClientRow, CodeRow, ConsentRow


async def client(session: AsyncSession, client_id: str, *, lock: bool = False) -> ClientRow | None:
    """A program by its id."""
    statement = select(ClientRow).where(ClientRow.id == client_id)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def clients_of(session: AsyncSession, user_id: UUID | None) -> list[ClientRow]:
    """What a person registered; without a person, what is there for everybody."""
    whose = ClientRow.user_id.is_(None) if user_id is None else ClientRow.user_id == user_id
    return list(
        await session.scalars(select(ClientRow).where(whose).order_by(ClientRow.created_at))
    )


async def count_clients(session: AsyncSession, origin: str, user_id: UUID | None = None) -> int:
    """How many there are of an origin, perhaps of one person."""
    statement = select(func.count()).where(ClientRow.origin == origin)
    if user_id is not None:
        statement = statement.where(ClientRow.user_id == user_id)
    return int(await session.scalar(statement) or 0)


async def delete_idle_clients(session: AsyncSession, before: datetime) -> None:
    """Forget programs that registered themselves and then logged nobody in."""
    await session.execute(
        delete(ClientRow).where(
            ClientRow.origin == "dynamic",
            ClientRow.created_at < before,
            or_(ClientRow.last_used_at.is_(None), ClientRow.last_used_at < before),
            ~select(ConsentRow.client_id).where(ConsentRow.client_id == ClientRow.id).exists(),
        )
    )


async def code(session: AsyncSession, digest: bytes) -> CodeRow | None:
    """A code, used or not, held until the transaction ends: of two uses one comes too late."""
    return await session.scalar(select(CodeRow).where(CodeRow.hash == digest).with_for_update())


async def delete_old_codes(session: AsyncSession, before: datetime) -> None:
    """Forget codes that are long past."""
    await session.execute(delete(CodeRow).where(CodeRow.expires_at < before))


async def consent(session: AsyncSession, user_id: UUID, client_id: str) -> ConsentRow | None:
    """What a person let a program do."""
    statement = select(ConsentRow).where(
        ConsentRow.user_id == user_id, ConsentRow.client_id == client_id
    )
    return await session.scalar(statement)


async def put_consent(
    session: AsyncSession, user_id: UUID, client_id: str, scopes: list[str], at: datetime
) -> None:
    """Remember what was allowed last."""
    statement = insert(ConsentRow).values(
        user_id=user_id, client_id=client_id, scopes=scopes, created_at=at, changed_at=at
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[ConsentRow.user_id, ConsentRow.client_id],
            set_={"scopes": scopes, "changed_at": at},
        )
    )


async def delete_consents(
    session: AsyncSession, user_id: UUID, client_id: str | None = None
) -> list[str]:
    """Forget what a person let one program do, or all of them; gives which programs.

    Codes that were not used yet are marked as used, so that their use is noticed.
    """
    codes, consents = [CodeRow.user_id == user_id], [ConsentRow.user_id == user_id]
    if client_id is not None:
        codes.append(CodeRow.client_id == client_id)
        consents.append(ConsentRow.client_id == client_id)
    unspent = update(CodeRow).where(*codes, CodeRow.used_at.is_(None))
    await session.execute(unspent.values(used_at=func.now()))
    gone = delete(ConsentRow).where(*consents).returning(ConsentRow.client_id)
    return list(await session.scalars(gone))


async def consents(session: AsyncSession, user_id: UUID) -> list[tuple[ConsentRow, ClientRow]]:
    """Every program that acts for a person, the latest first."""
    statement = (
        select(ConsentRow, ClientRow)
        .join(ClientRow, ClientRow.id == ConsentRow.client_id)
        .where(ConsentRow.user_id == user_id)
        .order_by(ConsentRow.changed_at.desc())
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]
