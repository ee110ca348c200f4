"""Programs that may ask people to log in here: public clients, known by id and addresses."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from armarium.features.accounts.errors import ClientsClosed, RedirectNotAllowed, TooManyKeys
from armarium.features.accounts.models import ConnectedProgram, ProgramClient
from armarium.features.accounts.service.issuing.redirects import may_register
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import issuing as store
from armarium.features.accounts.tables import ClientRow
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound

MOST_OF_A_PERSON = 20
MOST_DYNAMIC = 1000
IDLE = timedelta(days=7)
MAX_NAME = 100


class Clients:
    """Registers and removes them, and shows a person which act for them."""

    def __init__(self, *, database: Database, sessions: Sessions, dynamic: bool) -> None:
        """`dynamic`: programs may register themselves."""
        self._database = database
        self._sessions = sessions
        self.dynamic = dynamic

    async def register(
        self,
        *,
        name: str,
        redirect_uris: Sequence[str],
        origin: Literal["admin", "person", "dynamic"],
        user_id: UUID | None = None,
    ) -> ProgramClient:
        """A new program. One that a person registered logs in that person alone."""
        for index, uri in enumerate(redirect_uris):
            if not may_register(uri):
                raise RedirectNotAllowed(pointer=f"/redirect_uris/{index}")
        at = now()
        row = ClientRow(
            id=secrets.token_urlsafe(16),
            name=name,
            redirect_uris=list(dict.fromkeys(redirect_uris)),
            origin=origin,
            user_id=user_id if origin == "person" else None,
            created_at=at,
            last_used_at=None,
        )
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            await self._make_room(session, origin, user_id)
            session.add(row)
            await session.flush()
            await note(
                session,
                Action.CLIENT_REGISTERED,
                user_id,
                target=("client", None),
                client_id=row.id,
                name=name,
                origin=origin,
            )
        return client_of(row)

    async def register_itself(self, *, name: str, redirect_uris: Sequence[str]) -> ProgramClient:
        """What a program asked for by itself (RFC 7591), where the setting lets it."""
        if not self.dynamic:
            raise ClientsClosed
        return await self.register(name=name, redirect_uris=redirect_uris, origin="dynamic")

    async def list(self, user_id: UUID | None) -> list[ProgramClient]:
        """A person's own; without a person, those for everybody."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            return [client_of(row) for row in await store.clients_of(session, user_id)]

    async def remove(self, client_id: str, *, owner: UUID | None, actor: UUID) -> None:
        """It logs in nobody any more, and every session of it ends. The built-in one stays."""
        async with self._database.transaction(Scope(user_id=actor)) as session:
            row = await store.client(session, client_id, lock=True)
            if row is None or row.user_id != owner or row.origin == "built_in":
                raise NotFound
            await self._sessions.end_programs(session, client_id, None)
            await session.flush()
            await session.delete(row)
            await note(
                session,
                Action.CLIENT_REMOVED,
                actor,
                target=("client", None),
                client_id=client_id,
                name=row.name,
            )

    async def connected(self, user_id: UUID) -> Sequence[ConnectedProgram]:
        """Programs that act for a person."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            return [
                ConnectedProgram(
                    client_id=client.id,
                    name=client.name,
                    scopes=tuple(consent.scopes),
                    since=consent.created_at,
                    changed_at=consent.changed_at,
                )
                for consent, client in await store.consents(session, user_id)
            ]

    async def disconnect(self, user_id: UUID, client_id: str) -> None:
        """Take back what a person allowed; the program's sessions for them end at once."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            if not await store.delete_consents(session, user_id, client_id):
                raise NotFound
            await self._sessions.end_programs(session, client_id, user_id)
            await note(
                session,
                Action.CONSENT_REVOKED,
                user_id,
                target=("client", None),
                client_id=client_id,
            )

    async def _make_room(self, session: Session, origin: str, user_id: UUID | None) -> None:
        if origin == "person":
            if await store.count_clients(session, origin, user_id) >= MOST_OF_A_PERSON:
                raise TooManyKeys
        elif origin == "dynamic":
            await store.delete_idle_clients(session, now() - IDLE)
            if await store.count_clients(session, origin) >= MOST_DYNAMIC:
                raise ClientsClosed


def client_of(row: ClientRow) -> ProgramClient:
    """As others see it."""
    return ProgramClient(
        client_id=row.id,
        name=row.name,
        redirect_uris=tuple(row.redirect_uris),
        origin=row.origin,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
