"""Row-level security in migrations: the SQL that makes a table a tenant's.

`alembic check` does not see policies; tests/migrations asserts that each table with `space_id`
has row-level security enabled, forced and policed.
"""

from alembic import op

APP_ROLE = "arm_app"


def grant_table(table: str, privileges: str = "select, insert, update, delete") -> None:
    """Let the app role use a table; default privileges are not relied on."""
    op.execute(f"grant {privileges} on {table} to {APP_ROLE}")


def space_table(table: str) -> None:
    """Police `table` by its `space_id`, for reading and writing, and grant it to the app role.

    The sub-select makes PostgreSQL compute the caller's spaces once a statement.
    """
    mine = "space_id = any ((select arm_spaces())::uuid[])"
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy space_rows on {table} using ({mine}) with check ({mine})")
    grant_table(table)
