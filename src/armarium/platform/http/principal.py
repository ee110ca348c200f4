"""Who is calling, once authentication has been checked."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from armarium.platform.database.scope import Scope
from armarium.platform.http.permissions import Permission, permissions_of


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated person acting in one space (at first their own, which has their id)."""

    user_id: UUID
    email: str
    space_id: UUID
    spaces: tuple[UUID, ...]
    is_admin: bool = False
    space_role: str = "owner"
    """What they may do in `space_id`: owner, editor or viewer."""
    session_id: UUID | None = None
    role: str = "user"
    """On the server as a whole: user, moderator or admin."""
    scopes: frozenset[str] | None = None
    """What a key of a program is good for; None for a person's own session: everything."""
    via: Literal["session", "api_key", "outside"] = "session"
    sees_money: bool = True
    """Whether they may see what things in `space_id` cost."""
    collections: tuple[UUID, ...] = ()
    """Named collections that they were granted, where they are no member of `space_id`."""
    impersonator: UUID | None = None
    """The admin who acts as this person."""
    second_factor: bool = False
    """Whether this login was proved by a second factor."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do on the server as a whole."""
        return permissions_of("admin" if self.is_admin else self.role)

    def has_scope(self, scope: str) -> bool:
        """Whether a key allows `scope`; a person's own session allows all."""
        return self.scopes is None or scope in self.scopes

    @property
    def scope(self) -> Scope:
        """What the database may show this person."""
        return Scope(spaces=self.spaces, user_id=self.user_id)
