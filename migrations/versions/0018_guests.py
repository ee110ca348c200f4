"""What guests were let into: found by search, and looked up for less.

Until here search answered a guest with nothing. And where a guest was let into many items, each row
that belongs to one asked for the item with all of its policy, and each picture first read a thousand
items to learn that they are many. Now a row asks the granted collections alone.
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
ITEM_IS_GRANTED = """
create function arm_item_granted(space uuid, item uuid) returns boolean language plpgsql stable as $$
-- Whether a guest was let into this item: for them the same answer as arm_item_seen, from one table.
begin
  return space = arm_guest() and (item = arm_item() or exists (
    select from collection_items ci where ci.space_id = space and ci.item_id = item
      and ci.collection_id = any (arm_collections())));
end $$
"""
FEW_BEFORE, FEW = 1000, 300


def granted_items(few: int) -> str:
    """SQL: looking through so many ids a row costs what asking the table costs."""
    return f"""
create or replace function arm_granted_items() returns uuid[] language plpgsql stable as $$
-- Items that a guest was let into; null where there are many.
declare
  v_found uuid[] := array(select ci.item_id from collection_items ci
    where ci.space_id = arm_guest() and ci.collection_id = any (arm_collections())
    limit {few + 1});
begin
  return case when cardinality(v_found) <= {few}
    then v_found || array_remove(array[arm_item()], null) end;
end $$
"""


MEDIA_IS_SHOWN_BEFORE = """
create or replace function arm_media_shown(space uuid, medium uuid) returns boolean
language plpgsql stable as $$
begin
  return exists (
    select from item_images ii where ii.space_id = space and ii.media_id = medium);
end $$
"""
MEDIA_IS_SHOWN = """
create or replace function arm_media_shown(space uuid, medium uuid) returns boolean
language plpgsql stable as $$
-- Whether an item that the caller sees shows this picture. A guest's items are asked for here, one
-- by one: the policy of item_images would collect them anew for each picture.
declare
  v_whole text;
  v_shown boolean;
begin
  if arm_guest() is null then
    return exists (
      select from item_images ii where ii.space_id = space and ii.media_id = medium);
  end if;
  if space <> arm_guest() then return false; end if;
  v_whole := arm_enter();
  v_shown := exists (select from item_images ii where ii.space_id = space
    and ii.media_id = medium and arm_item_granted(space, ii.item_id));
  perform set_config('arm.whole', v_whole, true);
  return v_shown;
end $$
"""
CHILDREN = (
    "item_identifiers", "item_tags", "item_images", "item_values", "item_history",
)  # fmt: skip
REACH, MONEY = among("space_id", "arm_reach"), among("space_id", "arm_money")


def child_read(one_granted: str) -> str:
    """SQL of 0015b, but for how a guest's many items are looked up."""
    seen = "arm_item_seen(space_id, item_id)"
    hidden = among("item_id", "arm_hidden_items")
    granted = among("item_id", "arm_granted_items")
    return (
        f"({REACH} and ((select arm_whole())"
        f" or ({GUEST} is null and coalesce(not {hidden}, {seen}))"
        f" or ({GUEST} is not null and coalesce({granted}, {one_granted}(space_id, item_id)))))"
    )


INDEXED = (
    f"{GUEST} is not null and (space_id = {GUEST} or {among('space_id', 'arm_collections')})"
    " and {item} in (select g.id from arm_granted() g(id))"
)
"""SQL: what the index says of a granted item, in its space's part or in its private room's."""
TABLES = {"search_document": "id", "search_vector": "document_id"}


def upgrade() -> None:
    for function in (GRANTED, ITEM_IS_GRANTED, granted_items(FEW), MEDIA_IS_SHOWN):
        op.execute(sa.text(function))
    read_children("arm_item_granted")
    for table, item in TABLES.items():
        op.execute(
            f"create policy guests_read on {table} for select using ({INDEXED.format(item=item)})"
        )


def read_children(one_granted: str) -> None:
    """What belongs to an item is seen with it; of money, only by those who see money."""
    for table in CHILDREN:
        op.execute(f"alter policy space_read on {table} using {child_read(one_granted)}")
    op.execute(
        f"alter policy space_read on item_money using ({MONEY} and {child_read(one_granted)})"
    )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop policy guests_read on {table}")
    read_children("arm_item_seen")
    for function in (granted_items(FEW_BEFORE), MEDIA_IS_SHOWN_BEFORE):
        op.execute(sa.text(function))
    op.execute("drop function arm_item_granted(uuid, uuid)")
    op.execute("drop function arm_granted()")
