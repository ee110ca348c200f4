"""Who is calling, once authentication has been checked."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from armarium.platform.database.scope import Scope
from armarium.platform.http.permissions import Permission, permissions_of
from armarium.platform.http.scopes import ApiScope


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated person acting in one space (at first their own, which has their id)."""

    user_id: UUID
    email: str
    space_id: UUID
    spaces: tuple[UUID, ...]
    """`space_id` and the private rooms in it that they may enter; nothing for a guest."""
    is_admin: bool = False
    """They run the server, and this login or key stands for that."""
    space_role: str = "owner"
    """What they may do in `space_id`: owner, editor or viewer."""
    session_id: UUID | None = None
    role: str = "user"
    """On the server as a whole: user, moderator or admin."""
    scopes: frozenset[str] | None = None
    """What a key of a program is good for; None for a person's own session: everything."""
    via: Literal["session", "api_key", "outside", "program"] = "session"
    sees_money: bool = True
    """Whether they may see what things in `space_id` cost."""
    collections: tuple[UUID, ...] = ()
    """Named collections that they were granted, where they are no member of `space_id`."""
    impersonator: UUID | None = None
    """The admin who acts as this person."""
    second_factor: bool = False
    """Whether this login was proved by a second factor."""
    writable: tuple[UUID, ...] | None = None
    """Those of `spaces` that they may write in; None for what their role says."""
    editable: tuple[UUID, ...] = ()
    """Those of a guest's `collections` whose items they may change."""
    sees_all: bool = False
    """No private room of the space is hidden from them."""

    closes_at: datetime | None = None
    """When their account is erased, as they asked; meanwhile all of it is hidden."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do on the server as a whole; a key only if it names the scope `admin`."""
        if not self.has_scope(ApiScope.ADMIN):
            return frozenset()
        return permissions_of("admin" if self.is_admin else self.role)

    @property
    def is_guest(self) -> bool:
        """They were let into single collections of a space that they don't belong to."""
        return bool(self.collections)

    def has_scope(self, scope: str) -> bool:
        """Whether a key allows `scope`; a person's own session allows all."""
        return self.scopes is None or scope in self.scopes

    @property
    def scope(self) -> Scope:
        """What the database may show this person."""
        writable = self.writable
        if writable is None:
            writable = () if self.space_role == "viewer" else self.spaces
        return Scope(
            spaces=self.spaces,
            user_id=self.user_id,
            writable=writable,
            money=(self.space_id,) if self.sees_money else (),
            whole=self.sees_all and not self.is_guest,
            guest=self.space_id if self.is_guest else None,
            collections=self.collections,
            editable=self.editable,
        )

    @property
    def writing(self) -> Scope:
        """`scope` for a write: the index, the outbox and the blobs follow what a guest changes."""
        if not self.editable:
            return self.scope
        return replace(self.scope, derived=(self.space_id, *self.editable))
