"""Policies that know of members, named collections, grants and links.

Until here a policy knew the spaces of the caller and no more. From here it tells readers from
writers, hides the private rooms of a space from its other members, and shows a guest the items of
the collections that were granted.
"""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import (
    among,
    grant_table,
    police,
    secure,
    unpolice,
)

revision = "0015b"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE, GUEST = "(select arm_whole())", "(select arm_guest())"
SPACES, REACH, WRITABLE = (
    among("space_id", f"arm_{name}") for name in ("spaces", "reach", "writable")
)
DERIVED = among("space_id", "arm_derived")
ROOM_READ = f"(room_id is null or {among('room_id', 'arm_spaces')})"
ROOM_WRITE = f"(room_id is null or {among('room_id', 'arm_writable')})"


def granted(space: str, item: str, function: str) -> str:
    """SQL: a guest's collections hold this item."""
    return (
        f"({space} = {GUEST} and exists (select from collection_items ci where"
        f" ci.space_id = {GUEST} and ci.item_id = {item}"
        f" and {among('ci.collection_id', function)}))"
    )


ITEM_READ = (
    f"{REACH} and ({WHOLE} or ({GUEST} is null and {ROOM_READ}) or id = (select arm_item())"
    f" or {granted('items.space_id', 'items.id', 'arm_collections')})"
)
ITEM_WRITE = (
    f"({WRITABLE} and ({WHOLE} or {ROOM_WRITE}))"
    f" or {granted('items.space_id', 'items.id', 'arm_editable')}"
)
CHILDREN = (
    "item_identifiers", "item_tags", "item_images", "item_values", "item_history",
)  # fmt: skip
SEARCH = (
    "search_document", "search_posting", "search_statistic", "search_term", "search_trigram",
    "search_vector",
)  # fmt: skip


ONE_BY_ONE = "arm_item_seen(space_id, item_id)"
CHILD_READ = (
    f"{REACH} and ({WHOLE}"
    f" or ({GUEST} is null and coalesce(not {among('item_id', 'arm_hidden_items')}, {ONE_BY_ONE}))"
    f" or ({GUEST} is not null and coalesce({among('item_id', 'arm_granted_items')}, {ONE_BY_ONE})))"
)
"""SQL: what belongs to an item is seen with it. The few that are hidden, or granted, are looked up
once a statement; where they are many, each row asks."""


def child_write(table: str) -> str:
    """SQL: what belongs to an item is written with it."""
    room = f"(i.room_id is null or {among('i.room_id', 'arm_writable')})"
    return (
        f"({WRITABLE} and ({WHOLE} or exists (select from items i where"
        f" i.space_id = {table}.space_id and i.id = {table}.item_id and {room})))"
        f" or {granted(f'{table}.space_id', f'{table}.item_id', 'arm_editable')}"
    )


def upgrade() -> None:
    police_spaces()
    police_ordinary()
    police_items()
    police_media()
    create_settling()


def police_spaces() -> None:
    """Owners change a space, its members and its grants; invitations let people in."""
    for function in (FOUNDS, INVITED, MANAGES, ROOMS):
        op.execute(sa.text(function.replace(":", r"\:")))
    is_worker = "(select arm_user()) is null"
    owner = "(space_id = (select arm_user()) or arm_role_in(space_id) = 'owner')"
    for table in ("spaces_member", "spaces_space"):
        for verb in ("insert", "update", "delete"):
            op.execute(f"drop policy owners_{verb} on {table}")
        op.execute(f"drop policy members_read on {table}")
    mine, ours = "user_id = (select arm_user())", f"({is_worker} and {WRITABLE})"
    police(
        "spaces_member",
        read=f"{mine} or {SPACES}",
        write=f"{owner} or {ours}",
        insert=f"{owner} or ({mine} and (arm_founds(space_id)"
        " or arm_invited(space_id, null, role, sees_money)))",
        delete=f"{owner} or {ours} or {mine}",
    )
    spaces_owner = owner.replace("space_id", "id")
    police(
        "spaces_space",
        read=f"{among('id', 'arm_reach')} or arm_role_in(id) is not null",
        write=f"{spaces_owner} or ({is_worker} and {among('id', 'arm_writable')})",
        insert="id = (select arm_user())"
        " or (kind <> 'person' and created_by = (select arm_user()))",
    )
    for table in ("spaces_collection", "spaces_grant", "spaces_invitation", "spaces_link"):
        secure(table)
        grant_table(table)
    room = f"(visibility <> 'private' or {among('id', 'arm_writable')})"
    police(
        "spaces_collection",
        read=f"{REACH} and ({WHOLE} or ({GUEST} is null and (visibility <> 'private'"
        f" or {among('id', 'arm_spaces')})) or {among('id', 'arm_collections')})",
        write=f"{WRITABLE} and ({WHOLE} or {room})",
    )
    manages = "arm_manages(space_id, collection_id)"
    police(
        "spaces_grant",
        read=f"{mine} or ({REACH} and exists (select from spaces_collection c where"
        " c.space_id = spaces_grant.space_id and c.id = spaces_grant.collection_id))",
        write=f"{manages} or {ours}",
        insert=f"{manages} or ({mine} and ((role = 'owner'"
        f" and {among('collection_id', 'arm_writable')})"
        " or arm_invited(space_id, collection_id, role, sees_money)))",
        delete=f"{manages} or {ours} or {mine}",
    )
    invites = f"(case when collection_id is null then {owner} else {manages} end)"
    invitee = (
        "(token_hash = (select arm_link()) or email_key = (select u.email_key from accounts_user u"
        " where u.id = (select arm_user()) and u.email_verified))"
    )
    police(
        "spaces_invitation",
        read=f"{invitee} or {invites} or {ours}",
        write=f"{invites} or {ours}",
        update=f"{invitee} or {invites} or {ours}",
    )
    linked = "token_hash = (select arm_link())"
    police(
        "spaces_link",
        read=f"{linked} or {SPACES}",
        write=WRITABLE,
        update=f"{linked} or {WRITABLE}",
    )
    grant_table("spaces_profile")


FOUNDS = """
create function arm_founds(space uuid) returns boolean language plpgsql stable as $$
-- Whether the caller has just made this space: it is theirs and nobody is in it yet.
begin
  return exists (select from spaces_space s where s.id = space and s.created_by = arm_user())
    and not exists (select from spaces_member m where m.space_id = space);
end $$
"""

INVITED = """
create function arm_invited(space uuid, collection uuid, as_role text, with_money boolean)
returns boolean language plpgsql stable as $$
-- Whether an open invitation, which the caller holds or which names their address, says so.
begin
  return exists (select from spaces_invitation i where i.space_id = space
    and i.collection_id is not distinct from collection and i.role = as_role
    and i.sees_money = with_money and i.answer is null and i.expires_at > now()
    and (i.token_hash = arm_link() or i.email_key = (
      select u.email_key from accounts_user u where u.id = arm_user() and u.email_verified)));
end $$
"""

MANAGES = """
create function arm_manages(space uuid, collection uuid) returns boolean language plpgsql stable as $$
-- Who decides about a collection's guests: its own owners, and of what is not private also the
-- owners of the space.
begin
  return exists (select from spaces_grant g where g.space_id = space
      and g.collection_id = collection and g.user_id = arm_user() and g.role = 'owner')
    or (arm_role_in(space) = 'owner' and exists (select from spaces_collection c
      where c.space_id = space and c.id = collection and c.visibility <> 'private'));
end $$
"""


ROOMS = """
create function arm_rooms(space uuid) returns bigint language plpgsql stable as $$
-- How many private rooms a space of the caller has, hidden from them or not.
declare
  v_whole text := arm_enter();
  v_count bigint := (select count(*) from spaces_collection c
    where c.space_id = space and c.visibility = 'private');
begin
  perform set_config('arm.whole', v_whole, true);
  return v_count;
end $$
"""


def police_ordinary() -> None:
    """Tables that know members only; each keeps reading and gets writing of its own."""
    special = {
        "events",
        "jobs",
        "items",
        "media",
        "media_variants",
        "blobs",
        "detections",
        "own_fields",
    }
    found = op.get_bind().execute(
        sa.text("select tablename from pg_policies where policyname = 'space_rows' order by 1")
    )
    for table in [row[0] for row in found]:
        op.execute(f"drop policy space_rows on {table}")
        if table in special or table in CHILDREN:
            continue
        if table in SEARCH:
            police(table, read=among("space_id", "arm_known"), write=DERIVED)
        else:
            police(table, read=SPACES, write=WRITABLE)
    police("own_fields", read=REACH, write=WRITABLE)
    police("jobs", read=SPACES, write=DERIVED)
    nobodys = "space_id is null"
    heard = f"(room_id is null or {WHOLE} or {among('room_id', 'arm_spaces')})"
    police("events", read=f"{nobodys} or ({SPACES} and {heard})", write=f"{nobodys} or {DERIVED}")


def police_items() -> None:
    for function in (ITEM_EXISTS, *SEEN, HIDDEN_ITEMS, GRANTED_ITEMS):
        op.execute(sa.text(function.replace(":", r"\:")))
    police(
        "items",
        read=ITEM_READ,
        write=ITEM_WRITE,
        delete=f"{WRITABLE} and ({WHOLE} or {ROOM_WRITE})",
    )
    for table in CHILDREN:
        police(table, read=CHILD_READ, write=child_write(table))
    for table in ("collection_items", "item_money"):
        secure(table)
        grant_table(table)
    member = f"{WRITABLE} and ({WHOLE} or arm_collection_open(space_id, collection_id))"
    hidden = among("collection_id", "arm_hidden_rooms")
    police(
        "collection_items",
        read=f"{REACH} and ({WHOLE} or ({GUEST} is null and not {hidden})"
        f" or {among('collection_id', 'arm_collections')})",
        write=member,
        insert=f"({member} and arm_item_seen(space_id, item_id))"
        f" or ({among('collection_id', 'arm_editable')} and space_id = {GUEST}"
        " and not arm_item_exists(space_id, item_id))",
    )
    money = among("space_id", "arm_money")
    police(
        "item_money",
        read=f"{money} and {CHILD_READ}",
        write=f"{money} and ({child_write('item_money')})",
    )
    police(
        "detections",
        read=f"{SPACES} and ({WHOLE} or item_id is null or arm_item_seen(space_id, item_id)"
        " or not arm_item_exists(space_id, item_id))",
        write=WRITABLE,
    )


ITEM_EXISTS = """
create function arm_item_exists(space uuid, item uuid) returns boolean language plpgsql stable as $$
-- Whether there is such an item, hidden from the caller or not.
declare
  v_whole text := arm_enter();
  v_found boolean := exists (select from items i where i.space_id = space and i.id = item);
begin
  perform set_config('arm.whole', v_whole, true);
  return v_found;
end $$
"""


def seen(name: str, key: str, *, by: str) -> str:
    """SQL of a function that asks another table, as the caller, whether it knows this key.

    A policy must not ask another policed table itself: the planner copies that table's policy into
    each statement, and theirs into it, and plans hundreds of branches that never run. The body of a
    function is planned when it is first called.
    """
    return f"""
create function {name}(space uuid, {key} uuid) returns boolean language plpgsql stable as $$
begin
  return exists ({by});
end $$
"""


ITEM_IS_SEEN = seen(
    "arm_item_seen",
    "item",
    by="select from items i where i.space_id = space and i.id = item",
)
HIDDEN_ROOMS = """
create function arm_hidden_rooms() returns uuid[] language plpgsql stable as $$
-- Private rooms of the caller's spaces that they may not enter; asked once a statement.
declare
  v_whole text := arm_enter();
  v_found uuid[] := array(select c.id from spaces_collection c
    where c.space_id = any (arm_spaces()) and c.visibility = 'private'
      and not c.id = any (arm_spaces()));
begin
  perform set_config('arm.whole', v_whole, true);
  return v_found;
end $$
"""
FEW = 1000
HIDDEN_ITEMS = f"""
create function arm_hidden_items() returns uuid[] language plpgsql stable as $$
-- Items of the caller's spaces that stand in rooms which they may not enter; null where many do.
declare
  v_rooms uuid[] := arm_hidden_rooms();
  v_whole text;
  v_found uuid[] := '{{}}';
begin
  if cardinality(v_rooms) > 0 then
    v_whole := arm_enter();
    v_found := array(select i.id from items i
      where i.space_id = any (arm_spaces()) and i.room_id = any (v_rooms) limit {FEW + 1});
    perform set_config('arm.whole', v_whole, true);
  end if;
  return case when cardinality(v_found) <= {FEW} then v_found end;
end $$
"""
GRANTED_ITEMS = f"""
create function arm_granted_items() returns uuid[] language plpgsql stable as $$
-- Items that a guest was let into; null where there are many.
declare
  v_found uuid[] := array(select ci.item_id from collection_items ci
    where ci.space_id = arm_guest() and ci.collection_id = any (arm_collections())
    limit {FEW + 1});
begin
  return case when cardinality(v_found) <= {FEW}
    then v_found || array_remove(array[arm_item()], null) end;
end $$
"""

COLLECTION_IS_OPEN = seen(
    "arm_collection_open",
    "collection",
    by="select from spaces_collection c where c.space_id = space and c.id = collection"
    " and (c.visibility <> 'private' or c.id = any (arm_writable()))",
)
MEDIA_IS_SHOWN = seen(
    "arm_media_shown",
    "medium",
    by="select from item_images ii where ii.space_id = space and ii.media_id = medium",
)
MEDIA_IS_SEEN = seen(
    "arm_media_seen",
    "medium",
    by="select from media m where m.space_id = space and m.id = medium",
)
BLOB_IS_USED = seen(
    "arm_blob_used",
    "blob",
    by="select from media m where m.space_id = space and m.blob_id = blob"
    " union all select from media_variants v where v.space_id = space and v.blob_id = blob",
)
SEEN = (
    ITEM_IS_SEEN, HIDDEN_ROOMS, COLLECTION_IS_OPEN, MEDIA_IS_SHOWN, MEDIA_IS_SEEN,
    BLOB_IS_USED,
)  # fmt: skip
SEEN_NAMES = (
    "arm_item_seen", "arm_collection_open", "arm_media_shown",
    "arm_media_seen", "arm_blob_used",
)  # fmt: skip


def police_media() -> None:
    own = "created_by = (select arm_user())"
    shown = "arm_media_shown(space_id, id)"
    police(
        "media",
        read=f"{REACH} and ({WHOLE} or ({GUEST} is null and {ROOM_READ})"
        f" or ({GUEST} is not null and ({own} or {shown})))",
        write=f"{DERIVED} and ({WHOLE} or ({GUEST} is null and {ROOM_WRITE})"
        f" or ({GUEST} is not null and ({own} or {shown})))",
    )
    medium = "arm_media_seen(space_id, media_id)"
    police("media_variants", read=f"{REACH} and ({WHOLE} or {medium})", write=DERIVED)
    used = "arm_blob_used(space_id, id)"
    police("blobs", read=f"{REACH} and ({GUEST} is null or {DERIVED} or {used})", write=DERIVED)


def create_settling() -> None:
    """An item is private while every collection that holds it is: decided here, for all writers."""
    op.execute(
        sa.text(
            r"""
    create function collection_settle(p_space uuid, p_items uuid[])
    returns table (item_id uuid, room_before uuid, room_after uuid) language plpgsql as $$
    #variable_conflict use_column
    declare
      v_whole text := arm_enter();
    begin
      return query
        with held as (
          select i.id, i.room_id,
            case when bool_or(c.visibility <> 'private') then null
              else (array_agg(c.id) filter (where c.visibility = 'private'))[1] end as room
          from items i
          left join collection_items ci on ci.space_id = i.space_id and ci.item_id = i.id
          left join spaces_collection c on c.space_id = ci.space_id and c.id = ci.collection_id
          where i.space_id = p_space and i.id = any(p_items)
          group by i.id, i.room_id
        ), moved as (
          update items i set room_id = h.room from held h
          where i.space_id = p_space and i.id = h.id and i.room_id is distinct from h.room
          returning i.id
        )
        select h.id, h.room_id, h.room from held h join moved m on m.id = h.id;
      update media m set room_id = s.room from (
        select ii.media_id, case when bool_or(i.room_id is null) then null
          else (array_agg(i.room_id))[1] end as room
        from item_images ii
        join items i on i.space_id = ii.space_id and i.id = ii.item_id
        where ii.space_id = p_space and ii.media_id in (
          select o.media_id from item_images o
          where o.space_id = p_space and o.item_id = any(p_items))
        group by ii.media_id) s
      where m.space_id = p_space and m.id = s.media_id and m.room_id is distinct from s.room;
      perform set_config('arm.whole', v_whole, true);
    end $$
    """.replace(":", r"\:")
        )
    )
    op.execute(
        sa.text(
            r"""
    create function collection_shared_private(p_space uuid, p_items uuid[]) returns uuid[]
    language plpgsql stable as $$
    -- Items that only private rooms hold, and more than one of them.
    declare
      v_whole text := arm_enter();
      v_found uuid[];
    begin
      select coalesce(array_agg(t.item_id), '{}') into v_found from (
        select ci.item_id from collection_items ci
        join spaces_collection c on c.space_id = ci.space_id and c.id = ci.collection_id
        where ci.space_id = p_space and ci.item_id = any(p_items)
        group by ci.item_id
        having count(*) > 1 and bool_and(c.visibility = 'private')) t;
      perform set_config('arm.whole', v_whole, true);
      return v_found;
    end $$
    """.replace(":", r"\:")
        )
    )


def downgrade() -> None:
    op.execute("drop function collection_shared_private(uuid, uuid[])")
    op.execute("drop function collection_settle(uuid, uuid[])")
    restore_policies()
    op.execute("drop function arm_item_exists(uuid, uuid)")
    for function in SEEN_NAMES:
        op.execute(f"drop function {function}(uuid, uuid)")
    for name in ("granted_items", "hidden_items", "hidden_rooms"):
        op.execute(f"drop function arm_{name}()")
    op.execute("drop function arm_founds(uuid)")
    op.execute("drop function arm_invited(uuid, uuid, text, boolean)")
    op.execute("drop function arm_manages(uuid, uuid)")
    op.execute("drop function arm_rooms(uuid)")


def restore_policies() -> None:
    """The older policies, by space alone."""
    found = op.get_bind().execute(
        sa.text("select tablename from pg_policies where policyname = 'space_read' order by 1")
    )
    tables = [row[0] for row in found]
    for table in tables:
        unpolice(table)
    mine = among("space_id", "arm_spaces")
    new = {
        "spaces_collection", "spaces_grant", "spaces_invitation", "spaces_link",
        "collection_items", "item_money",
    }  # fmt: skip
    for table in tables:
        if table == "events":
            either = f"(space_id is null or {mine})"
            op.execute(f"create policy space_rows on events using {either} with check {either}")
        elif table not in {"spaces_space", "spaces_member", *new}:
            op.execute(f"create policy space_rows on {table} using ({mine}) with check ({mine})")
    op.execute(
        "create policy members_read on spaces_member for select using ("
        f" user_id = (select arm_user()) or {mine})"
    )
    op.execute(
        "create policy members_read on spaces_space for select using ("
        f" {among('id', 'arm_spaces')} or arm_role_in(id) is not null)"
    )
    for table, column in (("spaces_member", "space_id"), ("spaces_space", "id")):
        for verb, clause in (("insert", "with check"), ("update", "using"), ("delete", "using")):
            op.execute(
                f"create policy owners_{verb} on {table} for {verb} {clause} ("
                f" {column} = (select arm_user()) or arm_role_in({column}) = 'owner')"
            )
