"""Nobody gives more sight than they have, and what was given ends with who gave it.

Until here who let others in was asked once, when an offer or a link was made. An owner who was
removed came back by an offer of their own, a link outlived its maker's leave, and who managed a
collection without seeing prices could show them to themselves or to a second account.
"""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import APP_ROLE, among

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = """
create function arm_open(space uuid) returns text[] language plpgsql as $$
-- See one space whole, as its worker does, until arm_shut puts back what this returns. For questions
-- about somebody else's leave, which the caller cannot see.
declare
  v_before text[] := array[coalesce(current_setting('arm.spaces', true), ''),
    coalesce(current_setting('arm.guest', true), ''),
    coalesce(current_setting('arm.whole', true), '')];
begin
  perform set_config('arm.spaces', space::text, true), set_config('arm.guest', '', true),
    set_config('arm.whole', 'on', true);
  return v_before;
end $$
"""
SHUT = """
create function arm_shut(before text[]) returns void language plpgsql as $$
begin
  perform set_config('arm.spaces', before[1], true), set_config('arm.guest', before[2], true),
    set_config('arm.whole', before[3], true);
end $$
"""
SEES_MONEY = """
create function arm_sees_money(person uuid, space uuid) returns boolean
language plpgsql stable as $$
-- Whether a space shows somebody what things cost: a member if they may, a guest if every grant says so.
declare
  v_before text[] := arm_open(space);
  v_sees boolean := coalesce(
    (select m.sees_money from spaces_member m where m.space_id = space and m.user_id = person),
    (select bool_and(g.sees_money) from spaces_grant g
      where g.space_id = space and g.user_id = person),
    false);
begin
  perform arm_shut(v_before);
  return v_sees;
end $$
"""
GIVES = """
create function arm_gives(person uuid, space uuid, collection uuid, with_money boolean)
returns boolean language plpgsql stable as $$
-- Whether somebody may, as things stand now, let others into a space or into one of its collections,
-- and show them prices.
declare
  v_before text[] := arm_open(space);
  v_role text := (select m.role from spaces_member m
    join spaces_space s on s.id = m.space_id and s.deleted_at is null
    where m.space_id = space and m.user_id = person);
  v_gives boolean := exists (select from spaces_space s join accounts_user u on u.id = person
    where s.id = space and s.deleted_at is null and u.disabled_at is null);
begin
  if v_gives and collection is null then
    v_gives := coalesce(v_role = 'owner', false);
  elsif v_gives then
    v_gives := exists (select from spaces_collection c where c.space_id = space
      and c.id = collection and ((v_role = 'owner' and c.visibility <> 'private') or exists (
        select from spaces_grant g where g.space_id = space and g.collection_id = collection
          and g.user_id = person and g.role = 'owner')));
  end if;
  perform arm_shut(v_before);
  return v_gives and (not with_money or arm_sees_money(person, space));
end $$
"""
MAY_SHOW = """
create function arm_may_show(space uuid, collection uuid, person uuid) returns boolean
language plpgsql stable as $$
-- Whether the caller may leave prices shown to a guest: they see them, or it is so already.
begin
  return arm_sees_money(arm_user(), space) or exists (select from spaces_grant g
    where g.space_id = space and g.collection_id = collection and g.user_id = person
      and g.sees_money);
end $$
"""
LINK_STANDS = """
create function arm_link_stands(
  maker uuid, space uuid, kind text, thing uuid, prices boolean
) returns boolean language plpgsql stable as $$
-- Whether who made a link might still make it: the same question as then, asked when it is opened.
declare
  v_before text[] := arm_open(space);
  v_role text := (select m.role from spaces_member m
    join spaces_space s on s.id = m.space_id and s.deleted_at is null
    join accounts_user u on u.id = m.user_id and u.disabled_at is null
    where m.space_id = space and m.user_id = maker and (m.sees_money or not prices));
  v_rooms uuid[] := array(select g.collection_id from spaces_grant g
    where g.space_id = space and g.user_id = maker and g.role = 'owner');
  v_stands boolean := coalesce(v_role in ('owner', 'editor'), false);
begin
  if v_stands then
    v_stands := case kind
      when 'space' then v_role = 'owner'
      when 'collection' then exists (select from spaces_collection c where c.space_id = space
        and c.id = thing and (c.visibility <> 'private' or c.id = any (v_rooms)))
      else exists (select from items i where i.space_id = space and i.id = thing
        and (i.room_id is null or i.room_id = any (v_rooms))) end;
  end if;
  perform arm_shut(v_before);
  return v_stands;
end $$
"""
FUNCTIONS = (OPEN, SHUT, SEES_MONEY, GIVES, MAY_SHOW, LINK_STANDS)
NAMES = (
    "arm_link_stands(uuid, uuid, text, uuid, boolean)", "arm_may_show(uuid, uuid, uuid)",
    "arm_gives(uuid, uuid, uuid, boolean)", "arm_sees_money(uuid, uuid)", "arm_shut(text[])",
    "arm_open(uuid)",
)  # fmt: skip


def invited(more: str) -> str:
    """SQL of 0015b; `more` asks who made the invitation."""
    return f"""
create or replace function arm_invited(
  space uuid, collection uuid, as_role text, with_money boolean
) returns boolean language plpgsql stable as $$
-- Whether an open invitation, which the caller holds or which names their address, says so.
begin
  return exists (select from spaces_invitation i where i.space_id = space
    and i.collection_id is not distinct from collection and i.role = as_role
    and i.sees_money = with_money and i.answer is null and i.expires_at > now()
    and (i.token_hash = arm_link() or i.email_key = (
      select u.email_key from accounts_user u where u.id = arm_user() and u.email_verified)){more});
end $$
"""


BACKED = "\n    and arm_gives(i.created_by, i.space_id, i.collection_id, i.sees_money)"
ME, WRITABLE = "(select arm_user())", among("space_id", "arm_writable")
OURS = f"({ME} is null and {WRITABLE})"
MINE, OWNER = f"user_id = {ME}", f"(space_id = {ME} or arm_role_in(space_id) = 'owner')"
MANAGES = "arm_manages(space_id, collection_id)"
OFFERED = "arm_invited(space_id, collection_id, role, sees_money)"
ENTERED = f"role = 'owner' and {among('collection_id', 'arm_writable')}"
SHOWS = "(not sees_money or arm_may_show(space_id, collection_id, user_id))"
INVITES = f"(case when collection_id is null then {OWNER} else {MANAGES} end)"

GRANT_INSERT = f"({MANAGES} and {SHOWS}) or ({MINE} and (({ENTERED} and {SHOWS}) or {OFFERED}))"
GRANT_UPDATE = f"({MANAGES} and {SHOWS}) or {OURS}"
OFFER_INSERT = (
    f"created_by = {ME} and {INVITES}"
    " and (not sees_money or arm_gives(created_by, space_id, collection_id, true))"
)
LINK_INSERT = (
    f"created_by = {ME} and {WRITABLE} and (not with_prices or {among('space_id', 'arm_money')})"
)
CHANGEABLE = {
    "spaces_grant": "role, sees_money",
    "spaces_invitation": "answer, answered_at, answered_by, created_by, email, email_key",
    "spaces_link": "revoked_at, views, last_viewed_at, created_by",
}
"""Columns that may change; what was offered stays as it was made. Who made it, and to whom, is
blanked when that person is erased."""


def upgrade() -> None:
    for function in (*FUNCTIONS, invited(BACKED)):
        op.execute(sa.text(function.replace(":", r"\:")))
    op.execute(f"alter policy space_insert on spaces_grant with check ({GRANT_INSERT})")
    op.execute(f"alter policy space_update on spaces_grant using ({GRANT_UPDATE})")
    op.execute(f"alter policy space_insert on spaces_invitation with check ({OFFER_INSERT})")
    op.execute(f"alter policy space_insert on spaces_link with check ({LINK_INSERT})")
    for table, columns in CHANGEABLE.items():
        op.execute(f"revoke update on {table} from {APP_ROLE}")
        op.execute(f"grant update ({columns}) on {table} to {APP_ROLE}")


def downgrade() -> None:
    for table, columns in CHANGEABLE.items():
        op.execute(f"revoke update ({columns}) on {table} from {APP_ROLE}")
        op.execute(f"grant update on {table} to {APP_ROLE}")
    op.execute(f"alter policy space_insert on spaces_link with check ({WRITABLE})")
    op.execute(f"alter policy space_insert on spaces_invitation with check ({INVITES} or {OURS})")
    op.execute(f"alter policy space_update on spaces_grant using ({MANAGES} or {OURS})")
    op.execute(
        f"alter policy space_insert on spaces_grant with check ({MANAGES} or ({MINE} and"
        f" (({ENTERED}) or {OFFERED})))"
    )
    op.execute(sa.text(invited("").replace(":", r"\:")))
    for name in NAMES:
        op.execute(f"drop function {name}")
