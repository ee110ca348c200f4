"""Who is asking, as the database sees it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see and write; the empty one sees no row of any space.

    `spaces` are read as a member reads; they also hold the private rooms that the caller may
    enter. What may be written or seen of money is a part of them: None means all of them.
    """

    spaces: tuple[UUID, ...] = ()
    user_id: UUID | None = None
    writable: tuple[UUID, ...] | None = None
    money: tuple[UUID, ...] | None = None
    whole: bool = False
    """No private room of `spaces` is hidden from the caller; a worker's scope."""
    guest: UUID | None = None
    """A space of which only `collections` or `item` are shown, to somebody who is no member."""
    collections: tuple[UUID, ...] = ()
    """Named collections whose items are shown."""
    editable: tuple[UUID, ...] = ()
    """Those of them whose items a guest may change."""
    derived: tuple[UUID, ...] = ()
    """Spaces whose search index, outbox and blobs follow a guest's writes."""
    item: UUID | None = None
    """One item that a shared link shows."""
    link: bytes | None = None
    """Hash of a link or invitation that the caller holds."""

    @classmethod
    def of_space(cls, space_id: UUID, *, rooms: tuple[UUID, ...] = ()) -> "Scope":
        """What a worker acts as: one space with all its private rooms, no person.

        The search index keeps each room apart; name those in `rooms` whose index is needed.
        """
        return cls(spaces=(space_id, *rooms), whole=True)

    def sees_money_in(self, spaces: Collection[UUID]) -> bool:
        """Whether any of these spaces shows the caller what things cost."""
        shown = self.spaces if self.money is None else self.money
        return not set(shown).isdisjoint(spaces)

    def settings(self) -> dict[str, str]:
        """The transaction-local settings that the policies read, by name below `arm.`."""
        writable = self.spaces if self.writable is None else self.writable
        return {
            "spaces": _listed(self.spaces),
            "user": _one(self.user_id),
            "writable": _listed(writable),
            "money": _listed(self.spaces if self.money is None else self.money),
            "whole": "on" if self.whole else "",
            "guest": _one(self.guest),
            "collections": _listed(self.collections),
            "editable": _listed(self.editable),
            "derived": _listed((*writable, *self.derived)),
            "item": _one(self.item),
            "link": "" if self.link is None else self.link.hex(),
        }


def _listed(ids: tuple[UUID, ...]) -> str:
    return ",".join(str(each) for each in ids)


def _one(identifier: UUID | None) -> str:
    return "" if identifier is None else str(identifier)


SETTINGS = tuple(Scope().settings())
"""The names of all settings."""
