"""Keyset pages: services take `PageParams` and return `Page`; stores call `keyset_page`.

The cursor is opaque to clients: the sort keys of the next row, never an offset, so rows that
come or go between two calls are neither skipped nor repeated.
"""

import base64
import binascii
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlakeyset import BadBookmark, InvalidPage
from sqlakeyset.asyncio import select_page
from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.errors import Invalid

DEFAULT_LIMIT = 50
MAX_LIMIT = 200

T = TypeVar("T")
U = TypeVar("U")


class BadCursor(Invalid):
    """The cursor is not one that this list gave, or the order changed. Start without it."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class PageParams:
    """What a caller asked for: at most `limit` rows after `cursor`."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in order, and the cursor of what follows (None at the end)."""

    rows: Sequence[T]
    next_cursor: str | None = None

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """The same page with every row changed."""
        return Page([change(row) for row in self.rows], self.next_cursor)


def encode_cursor(bookmark: str) -> str:
    """Wrap any text as a cursor, for lists that do not come from one SELECT."""
    return base64.urlsafe_b64encode(bookmark.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """The text inside a cursor; `BadCursor` on anything that `encode_cursor` did not make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadCursor(pointer="query:cursor") from error


async def keyset_page(
    session: AsyncSession, statement: Select[Any], params: PageParams
) -> Page[Any]:
    """One page of `statement`, whose ORDER BY must be unique and free of nulls.

    Rows are entities for a single-entity select, `Row`s otherwise.
    """
    bookmark = None if params.cursor is None else decode_cursor(params.cursor)
    single = len(statement.column_descriptions) == 1
    try:
        page = await select_page(session, statement, per_page=params.limit, page=bookmark)
    except (BadBookmark, InvalidPage, DBAPIError, ValueError, TypeError, csv.Error) as error:
        # A forged bookmark of other types than the sort keys fails in the database.
        if bookmark is None or isinstance(error, (OperationalError, InterfaceError)):
            raise
        raise BadCursor(pointer="query:cursor") from error
    rows: list[Any] = [row[0] if single else row for row in page]
    following = encode_cursor(page.paging.bookmark_next) if page.paging.has_next else None
    return Page(rows, following)
