"""The database pipe: sessions that carry the caller's scope into row-level security.

Rooms use `Database.transaction(scope)` in their outermost service and `Base` in `tables.py`.
"""

from sqlalchemy.ext.asyncio import AsyncSession as Session

from armarium.platform.database.base import Base, SpaceOwned
from armarium.platform.database.scope import Scope
from armarium.platform.database.sessions import Database, rescope

__all__ = ["Base", "Database", "Scope", "Session", "SpaceOwned", "rescope"]
