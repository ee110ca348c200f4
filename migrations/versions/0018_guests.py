"""What guests were let into, as a set that is asked for once a statement.

Until here the many items of a large collection were looked up one by one, and search answered a
guest with nothing. A set in a sub-select becomes a hash table: one reading of the collection, then
a look a row.
"""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import among

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GUEST = "(select arm_guest())"
GRANTED = """
create function arm_granted() returns setof uuid language plpgsql stable rows 1000 as $$
-- Items that a guest was let into, each once.
begin
  if arm_guest() is null then return; end if;
  return query
    select ci.item_id from collection_items ci
      where ci.space_id = arm_guest() and ci.collection_id = any (arm_collections())
    union select arm_item() where arm_item() is not null;
end $$
"""
INDEXED = (
    f"{GUEST} is not null and (space_id = {GUEST} or {among('space_id', 'arm_collections')})"
    " and {item} in (select g.id from arm_granted() g(id))"
)
"""SQL: what the index says of a granted item, in its space's part or in its private room's."""
TABLES = {"search_document": "id", "search_vector": "document_id"}


def upgrade() -> None:
    op.execute(sa.text(GRANTED))
    for table, item in TABLES.items():
        op.execute(
            f"create policy guests_read on {table} for select using ({INDEXED.format(item=item)})"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop policy guests_read on {table}")
    op.execute("drop function arm_granted()")
