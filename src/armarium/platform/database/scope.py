"""Who is asking, as the database sees it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """The spaces whose rows a transaction may see and write; empty means none at all."""

    spaces: tuple[UUID, ...] = ()
    user_id: UUID | None = None

    @classmethod
    def of_space(cls, space_id: UUID) -> "Scope":
        """What a worker acts as: one space, no person."""
        return cls(spaces=(space_id,))

    def settings(self) -> dict[str, str]:
        """The transaction-local settings that the policies read."""
        return {
            "arm.spaces": ",".join(str(space) for space in self.spaces),
            "arm.user": "" if self.user_id is None else str(self.user_id),
        }
