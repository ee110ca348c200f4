"""What an administrator sees of the whole server: its spaces and its settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from armarium.features.operations import store
from armarium.features.operations.models import SpaceLine
from armarium.features.spaces import Quotas, Resource
from armarium.platform.database import Database, Scope
from armarium.platform.paging import Page, PageParams


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting in force; a secret is never among the values."""

    name: str
    value: Any
    source: str


class Overview:
    """Counts and sizes; nothing of what people keep."""

    def __init__(
        self,
        *,
        database: Database,
        quotas: Quotas,
        settings: Callable[[], Sequence[dict[str, Any]]],
    ) -> None:
        self._database = database
        self._quotas = quotas
        self._settings = settings

    async def spaces(
        self, params: PageParams, *, words: str | None = None, ids: Sequence[UUID] | None = None
    ) -> Page[SpaceLine]:
        """Spaces, newest first, with what they use; `words` in their name or the owner's."""
        async with self._database.transaction(Scope()) as session:
            page = await store.space_lines(session, params, words=words, ids=ids)
        lines: list[SpaceLine] = []
        for each in page.rows:
            usage, _ = await self._quotas.usage_for_admin(each.id)
            used = {one.resource: one.used for one in usage}
            lines.append(
                replace(
                    each,
                    items=used.get(Resource.ITEMS, 0),
                    storage_bytes=used.get(Resource.STORAGE, 0),
                )
            )
        return Page(lines, page.next_cursor)

    def settings(self) -> list[SettingLine]:
        """Every setting, its value and where it came from."""
        return [SettingLine(**each) for each in self._settings()]
