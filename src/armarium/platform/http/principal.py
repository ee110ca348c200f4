"""Who is calling, once authentication has been checked."""

from dataclasses import dataclass
from uuid import UUID

from armarium.platform.database.scope import Scope


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

    @property
    def scope(self) -> Scope:
        """What the database may show this person."""
        return Scope(spaces=self.spaces, user_id=self.user_id)
