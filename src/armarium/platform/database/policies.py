"""Row-level security in migrations: the SQL that makes a table a tenant's.

`alembic check` does not see policies; tests/migrations asserts that each table with `space_id`
has row-level security enabled, forced, and policed apart for reading and for writing.

The sub-selects make PostgreSQL compute each of the caller's settings once a statement, and only
equality of uuids stands in them, which is leakproof, so that indexes stay usable behind a policy.
"""

from alembic import op
from sqlalchemy import text

APP_ROLE = "arm_app"


def among(column: str, function: str) -> str:
    """SQL: whether a column's id is one of those that the caller's setting lists."""
    return f"{column} = any ((select {function}())::uuid[])"


def grant_table(table: str, privileges: str = "select, insert, update, delete") -> None:
    """Let the app role use a table; default privileges are not relied on."""
    op.execute(f"grant {privileges} on {table} to {APP_ROLE}")


def space_table(table: str) -> None:
    """Police `table` by its `space_id` and grant it to the app role.

    Members read; owners and editors write. Guests of a single collection see nothing of it.
    """
    secure(table)
    grant_table(table)
    if not _knows_roles():
        mine = among("space_id", "arm_spaces")
        op.execute(f"create policy space_rows on {table} using ({mine}) with check ({mine})")
        return
    police(table, read=among("space_id", "arm_spaces"), write=among("space_id", "arm_writable"))


def secure(table: str) -> None:
    """Bind everyone by the table's policies, its owner too."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")


def police(
    table: str,
    *,
    read: str,
    write: str,
    insert: str | None = None,
    update: str | None = None,
    delete: str | None = None,
) -> None:
    """One policy a verb; `write` stands for those that are not given."""
    op.execute(f"create policy space_read on {table} for select using ({read})")
    op.execute(f"create policy space_insert on {table} for insert with check ({insert or write})")
    op.execute(f"create policy space_update on {table} for update using ({update or write})")
    op.execute(f"create policy space_delete on {table} for delete using ({delete or write})")


def unpolice(table: str) -> None:
    """Take away what `police` made."""
    for verb in ("read", "insert", "update", "delete"):
        op.execute(f"drop policy space_{verb} on {table}")


def _knows_roles() -> bool:
    """Whether this point of the history tells readers from writers (0015 on)."""
    found = op.get_bind().execute(text("select to_regprocedure('arm_writable()') is not null"))
    return bool(found.scalar())
