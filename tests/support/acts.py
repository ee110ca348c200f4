"""Acts at the HTTP door, and what the audit log says of each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from armarium.entry.wiring import House
from armarium.platform.audit import Action
from tests.support.api import PASSWORD, Person, client_of, register
from tests.support.oidc_provider import OidcProvider
from tests.support.post import Post

LOG = "/api/v1/admin/audit"
Who = Person | UUID | str | None


@dataclass
class Stage:
    """A house in which something is done, read by its administrator."""

    app: FastAPI
    house: House
    admin: Person
    post: Post
    provider: OidcProvider
    told: set[Action] = field(default_factory=set[Action])
    seen: set[str] = field(default_factory=set[str])
    entries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What was not asked about yet, the oldest first."""

    async def person(self) -> Person:
        return await register(self.app)

    def visitor(self) -> AsyncClient:
        return client_of(self.app)

    async def read(self) -> None:
        """Take in what is new in the log; nobody's password is in it."""
        answer = await self.admin.client.get(LOG, params={"limit": 200})
        assert PASSWORD not in answer.text
        fresh = [each for each in answer.json() if each["id"] not in self.seen]
        self.seen |= {each["id"] for each in fresh}
        self.entries += reversed(fresh)

    async def forget(self) -> None:
        """What was done until now is only the way to what comes."""
        await self.read()
        self.entries.clear()

    async def count(self, action: Action) -> int:
        await self.read()
        return sum(each["action"] == action.value for each in self.entries)

    async def expect(
        self,
        action: Action,
        *,
        by: Who,
        space: Who = None,
        impersonator: Who = None,
        **detail: Any,
    ) -> dict[str, Any]:
        """The first new entry of this act; who did it, in whose space, and what it says."""
        await self.read()
        names = [each["action"] for each in self.entries]
        assert action.value in names, names
        entry = self.entries.pop(names.index(action.value))
        whose = [entry[name] for name in ("actor", "space_id", "impersonator")]
        assert whose == [_id(by), _id(space), _id(impersonator)], entry
        assert entry["detail"].items() >= detail.items(), entry
        self.told.add(action)
        return entry


def _id(who: Who) -> str | None:
    if who is None:
        return None
    return str(who.id if isinstance(who, Person) else who)


def done(answer: Response) -> Any:
    """The answer of what had to go well."""
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


Act = Callable[[Stage], Awaitable[None]]
ACTS: dict[str, tuple[Act, frozenset[Action]]] = {}
"""What is done on a stage, and every action that it must leave in the log."""


def tells(*actions: Action) -> Callable[[Act], Act]:
    """Add a row to the table."""

    def add(act: Act) -> Act:
        ACTS[act.__name__] = (act, frozenset(actions))
        return act

    return add
