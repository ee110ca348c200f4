"""Erasing a person: asked for, waited for, then done in every room."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from armarium.features.accounts import Closings, Letters, Proofs
from armarium.features.operations import store
from armarium.features.operations.errors import ActsForAnother, SpacesToHandOver
from armarium.features.operations.models import Archive, EraseAccount
from armarium.features.operations.service.archives import Archives
from armarium.features.spaces import SpaceKeeper, Spaces
from armarium.kit.emails import email_key
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, rescope
from armarium.platform.http import Principal
from armarium.platform.owned import OwnedRegister
from armarium.platform.workflows import Flows


class AccountErasure:
    """A grace period in which nothing of theirs is shown, then nothing of theirs is left."""

    def __init__(
        self,
        *,
        database: Database,
        flows: Flows,
        owned: OwnedRegister,
        archives: Archives,
        closings: Closings,
        proofs: Proofs,
        letters: Letters,
        spaces: Spaces,
        keeper: SpaceKeeper,
        grace: timedelta,
    ) -> None:
        self._database = database
        self._flows = flows
        self._owned = owned
        self._archives = archives
        self._closings = closings
        self._proofs = proofs
        self._letters = letters
        self._spaces = spaces
        self._keeper = keeper
        self.grace = grace

    async def request(self, caller: Principal) -> tuple[datetime, Archive]:
        """When it will be done, and the archive that is made first.

        Raises:
            ProofRequired: no recent proof of who is asking.
            SpacesToHandOver: they own spaces that others would lose.
            LastAdmin: nobody else could run the server.
        """
        if caller.impersonator is not None:
            raise ActsForAnother
        await self._proofs.demand(caller.session_id)
        person = caller.user_id
        at = now() + self.grace
        own = Scope((person,), person, whole=True)
        async with self._database.transaction(own) as session:
            user = await self._closings.begin(session, person, at)
            if left := await self._spaces.owned_apart(session, person):
                raise SpacesToHandOver(
                    spaces=[{"id": str(each.id), "name": each.name} for each in left]
                )
            await rescope(session, own)
            archive = await self._archives.request_in(session, person)
            await self._keeper.hide_person(session, person)
            await self._letters.later(session, "account_closing", user_id=person)
        return user.closes_at or at, archive

    async def cancel(self, caller: Principal) -> None:
        """Everything is as it was."""
        if caller.impersonator is not None:
            raise ActsForAnother
        person = caller.user_id
        async with self._database.transaction(Scope((person,), person, whole=True)) as session:
            await self._closings.cancel(session, person)
            await self._keeper.show_person(session, person)

    async def plan(self) -> dict[str, int]:
        """One job for each account whose grace period is over."""
        due = await self._closings.due(now())
        async with self._database.transaction(Scope()) as session:
            for person in due:
                await self._flows.enqueue(session, EraseAccount(person))
        return {"due": len(due)}

    async def erase(self, person: UUID) -> dict[str, Any]:
        """Every room's rows, the pictures, the archives, traces elsewhere, then the account.

        Safe to repeat; nothing happens before the time is over, or after it was taken back.
        """
        async with self._database.transaction(Scope()) as session:
            user = await self._closings.is_due(session, person, now())
        if user is None:
            return {"erased": False}
        await self._keeper.erase_person(person)
        await self._archives.erase_files(person)
        async with self._database.transaction(Scope()) as session:
            spaces = await store.every_space(session)
        for space_id in spaces:
            if space_id != person:
                await self._keeper.pass_on_rooms(space_id, person)
            async with self._database.transaction(Scope.of_space(space_id)) as session:
                for owned in self._owned:
                    await owned.forget_person(session, space_id, person, email_key(user.email))
        async with self._database.transaction(Scope()) as session:
            if await self._closings.is_due(session, person, now()) is None:
                return {"erased": False}
            await rescope(session, Scope((person,), person, whole=True))
            await self._closings.erase(session, user)
            await record(
                session,
                AuditEntry(
                    action=Action.DELETED, actor=None, target_type="account", target_id=person
                ),
            )
        return {"erased": True, "spaces": len(spaces)}
