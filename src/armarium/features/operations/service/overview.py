"""What an administrator sees of the whole server: its spaces and its settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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

    async def spaces(self, params: PageParams) -> Page[SpaceLine]:
        """All spaces, newest first, with what they use."""
        async with self._database.transaction(Scope()) as session:
            page = await store.space_lines(session, params)
        lines: list[SpaceLine] = []
        for each in page.rows:
            used = {one.resource: one.used for one in await self._quotas.usage_for_admin(each.id)}
            lines.append(
                SpaceLine(
                    id=each.id,
                    kind=each.kind,
                    name=each.name,
                    created_at=each.created_at,
                    deleted_at=each.deleted_at,
                    members=each.members,
                    items=used.get(Resource.ITEMS, 0),
                    storage_bytes=used.get(Resource.STORAGE, 0),
                )
            )
        return Page(lines, page.next_cursor)

    def settings(self) -> list[SettingLine]:
        """Every setting, its value and where it came from."""
        return [SettingLine(**each) for each in self._settings()]
