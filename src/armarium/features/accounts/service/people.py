"""A person's row as the rest of the program sees it."""

from armarium.features.accounts.models import User
from armarium.features.accounts.tables import UserRow


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
    )
