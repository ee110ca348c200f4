"""A person's row as the rest of the program sees it."""

from collections.abc import Sequence
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.models import User
from armarium.features.accounts.tables import UserRow
from armarium.platform.database import Session


async def people_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, User]:
    """People by id, for a higher room's lists of who takes part."""
    return {row.id: user_of(row) for row in await store.users_by_id(session, ids)}


def user_of(row: UserRow) -> User:
    """Without anything secret."""
    return User(
        id=row.id,
        email=row.email,
        email_verified=row.email_verified,
        display_name=row.display_name,
        role=row.role,
        preferences=row.preferences,
        version=row.version,
        created_at=row.created_at,
        closes_at=row.closes_at,
        proof_waived=row.proof_waived,
    )
