"""Members, named collections, grants, links, profiles, and what things cost.

The policies that know of them follow in the next revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROLES = "role in ('owner', 'editor', 'viewer')"

LISTS = ("writable", "collections", "editable", "derived", "money")
"""Settings that hold ids, each with a function of its name."""

QUICK = "language plpgsql stable parallel safe"
"""Not in SQL: the planner would write the body of each into every statement that a policy guards,
and plan it there; calling them once a statement costs next to nothing."""

IDS = f"""
create function arm_ids(setting text) returns uuid[] {QUICK} as $$
declare
  v_said text := current_setting(setting, true);
begin
  if v_said is null or v_said = '' then return '{{}}'::uuid[]; end if;
  return string_to_array(v_said, ',')::uuid[];
end $$
"""


def ids_function(name: str) -> str:
    """SQL of the function that reads a setting of ids."""
    return f"""
create or replace function arm_{name}() returns uuid[] {QUICK} as $$
begin return arm_ids('arm.{name}'); end $$
"""


def id_function(name: str) -> str:
    """SQL of the function that reads a setting of one id."""
    return f"""
create or replace function arm_{name}() returns uuid {QUICK} as $$
begin return nullif(current_setting('arm.{name}', true), '')::uuid; end $$
"""


FUNCTIONS = (
    IDS,
    *map(ids_function, ("spaces", *LISTS)),
    *map(id_function, ("user", "guest", "item")),
    f"""
create function arm_reach() returns uuid[] {QUICK} as $$
-- Where the caller is a member, or a guest.
begin return arm_spaces() || array_remove(array[arm_guest()], null); end $$
""",
    f"""
create function arm_known() returns uuid[] {QUICK} as $$
begin return arm_spaces() || arm_derived(); end $$
""",
    f"""
create function arm_whole() returns boolean {QUICK} as $$
begin return coalesce(current_setting('arm.whole', true), '') = 'on'; end $$
""",
    f"""
create function arm_link() returns bytea {QUICK} as $$
begin return decode(nullif(current_setting('arm.link', true), ''), 'hex'); end $$
""",
    """
create function arm_enter() returns text language plpgsql as $$
-- See the private rooms too, until the caller puts back what this returns.
declare
  v_before text := coalesce(current_setting('arm.whole', true), '');
begin
  perform set_config('arm.whole', 'on', true);
  return v_before;
end $$
""",
)
IN_SQL = (
    """
create or replace function arm_spaces() returns uuid[] language sql stable parallel safe as $$
  select coalesce(
    string_to_array(nullif(current_setting('arm.spaces', true), ''), ',')::uuid[], '{}'::uuid[])
$$
""",
    """
create or replace function arm_user() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('arm.user', true), '')::uuid
$$
""",
)
"""As 0001 made them."""

FUNCTION_NAMES = (
    "arm_link()", "arm_enter()", "arm_whole()", "arm_known()", "arm_reach()", "arm_item()", "arm_guest()",
    *(f"arm_{name}()" for name in LISTS), "arm_ids(text)",
)  # fmt: skip


def upgrade() -> None:
    for function in FUNCTIONS:
        op.execute(sa.text(function.replace(":", r"\:")))
    create_collections()
    create_invitations()
    create_links()
    create_profiles()
    add_columns()
    announce(rooms=True)
    bind_engine("arm_spaces", "arm_derived")
    create_item_tables()


def create_collections() -> None:
    op.create_table(
        "spaces_collection",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("cover_media_id", sa.Uuid()),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_spaces_collection"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces_space.id"],
            name="fk_spaces_collection_space_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "visibility in ('space', 'private', 'public')", name="ck_spaces_collection_visibility"
        ),
    )
    op.create_table(
        "spaces_grant",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sees_money", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "collection_id", "user_id", name="pk_spaces_grant"),
        sa.ForeignKeyConstraint(
            ["space_id", "collection_id"],
            ["spaces_collection.space_id", "spaces_collection.id"],
            name="fk_spaces_grant_space_id_collection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name="fk_spaces_grant_user_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(ROLES, name="ck_spaces_grant_role"),
    )
    op.create_index("ix_spaces_grant_user_id", "spaces_grant", ["user_id"])


def create_invitations() -> None:
    op.create_table(
        "spaces_invitation",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("email", sa.Text()),
        sa.Column("email_key", sa.Text()),
        sa.Column("collection_id", sa.Uuid()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sees_money", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answer", sa.Text()),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_spaces_invitation"),
        sa.UniqueConstraint(
            "space_id", "token_hash", name="uq_spaces_invitation_space_id_token_hash"
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces_space.id"],
            name="fk_spaces_invitation_space_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id", "collection_id"],
            ["spaces_collection.space_id", "spaces_collection.id"],
            name="fk_spaces_invitation_space_id_collection_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(ROLES, name="ck_spaces_invitation_role"),
        sa.CheckConstraint(
            "answer in ('accepted', 'declined', 'revoked')", name="ck_spaces_invitation_answer"
        ),
    )
    op.create_index("ix_spaces_invitation_email_key", "spaces_invitation", ["email_key"])
    op.create_index("ix_spaces_invitation_token_hash", "spaces_invitation", ["token_hash"])


def create_links() -> None:
    op.create_table(
        "spaces_link",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("with_prices", sa.Boolean(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("last_viewed_at", INSTANT),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_spaces_link"),
        sa.UniqueConstraint("space_id", "token_hash", name="uq_spaces_link_space_id_token_hash"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces_space.id"],
            name="fk_spaces_link_space_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "target in ('item', 'collection', 'space')", name="ck_spaces_link_target"
        ),
    )
    op.create_index("ix_spaces_link_token_hash", "spaces_link", ["token_hash"])
    op.create_index("ix_spaces_link_target", "spaces_link", ["space_id", "target_id"])


def create_profiles() -> None:
    op.create_table(
        "spaces_profile",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("shows_wishes", sa.Boolean(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_spaces_profile"),
        sa.UniqueConstraint("handle", name="uq_spaces_profile_handle"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name="fk_spaces_profile_user_id",
            ondelete="CASCADE",
        ),
    )


def add_columns() -> None:
    op.add_column("spaces_space", sa.Column("created_by", sa.Uuid()))
    op.add_column("spaces_space", sa.Column("deleted_at", INSTANT))
    # Until now a viewer had no way to be told a price; nobody loses sight of anything.
    op.add_column(
        "spaces_member",
        sa.Column("sees_money", sa.Boolean(), nullable=False, server_default="true"),
    )
    op.add_column("events", sa.Column("room_id", sa.Uuid()))
    op.add_column("media", sa.Column("room_id", sa.Uuid()))
    op.add_column("items", sa.Column("room_id", sa.Uuid()))
    # The check of what is there reads as the owner, whom FORCE binds too.
    op.execute("alter table items no force row level security")
    op.create_foreign_key(
        "fk_items_space_id_room_id",
        "items",
        "spaces_collection",
        ["space_id", "room_id"],
        ["space_id", "id"],
    )
    op.execute("alter table items force row level security")
    op.create_index(
        "ix_items_room",
        "items",
        ["space_id", "room_id"],
        postgresql_where=sa.text("room_id is not null"),
    )
    # Counting by status reads the index alone, and the policy reads the room.
    op.drop_index("ix_items_status", "items")
    op.create_index(
        "ix_items_status",
        "items",
        ["space_id", "status", "created_at", "id"],
        postgresql_include=["kind", "room_id"],
        postgresql_where=sa.text("deleted_at is null"),
    )


ANNOUNCE = """
create or replace function events_announce() returns trigger language plpgsql as $$
begin
  perform pg_notify('arm_outbox', '');
  perform pg_notify('arm_events', jsonb_build_object(
    'id', new.id, 'type', new.type, 'version', new.version, 'source', new.source,
    'subject', new.subject, 'spaceid', new.space_id, {room}'time', new.created_at,
    -- A notification holds 8,000 bytes; the page asks again when the facts are left out.
    'data', case when octet_length(new.data::text) < 6000 then new.data else '{{}}' end
  )::text);
  return null;
end $$
"""


def announce(*, rooms: bool) -> None:
    """What listeners are told of an event; whose it is decides who hears it."""
    room = "'roomid', new.room_id, " if rooms else ""
    op.execute(sa.text(ANNOUNCE.format(room=room).replace(":", r"\:")))


WRITING_FUNCTIONS = (
    "enqueue(text, text, text, json, uuid, integer, bigint, text)",
    "dismiss(boolean, text)",
)


def bind_engine(before: str, after: str) -> None:
    """Whose jobs the engine's writing functions let the caller touch."""
    for signature in WRITING_FUNCTIONS:
        definition = op.get_bind().execute(
            sa.text("select pg_get_functiondef(to_regprocedure(:name))"),
            {"name": f"engine.{signature}"},
        )
        text = str(definition.scalar()).replace(f"{before}()", f"{after}()")
        op.execute(sa.text(text.replace(":", r"\:")))


def create_item_tables() -> None:
    op.create_table(
        "collection_items",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("space_id", "collection_id", "item_id", name="pk_collection_items"),
        sa.ForeignKeyConstraint(
            ["space_id", "collection_id"],
            ["spaces_collection.space_id", "spaces_collection.id"],
            name="fk_collection_items_space_id_collection_id",
            ondelete="CASCADE",
        ),
        # A guest's new item enters the collection first and is seen by it.
        sa.ForeignKeyConstraint(
            ["space_id", "item_id"],
            ["items.space_id", "items.id"],
            name="fk_collection_items_space_id_item_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index(
        "ix_collection_items_item", "collection_items", ["space_id", "item_id", "collection_id"]
    )
    op.create_table(
        "item_money",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("fees_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(collation="C"), nullable=False),
        sa.Column("acquired_on", sa.Date()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "item_id", name="pk_item_money"),
        sa.ForeignKeyConstraint(
            ["space_id", "item_id"],
            ["items.space_id", "items.id"],
            name="fk_item_money_space_id_item_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_item_money_amount", "item_money", ["space_id", "currency", "amount_minor", "item_id"]
    )


def downgrade() -> None:
    op.drop_table("item_money")
    op.execute("drop table collection_items")
    announce(rooms=False)
    bind_engine("arm_derived", "arm_spaces")
    for name in ("events", "media"):
        op.drop_column(name, "room_id")
    op.drop_constraint("fk_items_space_id_room_id", "items", type_="foreignkey")
    op.drop_index("ix_items_room", "items")
    op.drop_index("ix_items_status", "items")
    op.drop_column("items", "room_id")
    op.create_index(
        "ix_items_status",
        "items",
        ["space_id", "status", "created_at", "id"],
        postgresql_include=["kind"],
        postgresql_where=sa.text("deleted_at is null"),
    )
    for table in ("spaces_profile", "spaces_link", "spaces_invitation", "spaces_grant"):
        op.drop_table(table)
    op.drop_table("spaces_collection")
    for column in ("created_by", "deleted_at"):
        op.drop_column("spaces_space", column)
    op.drop_column("spaces_member", "sees_money")
    for function in IN_SQL:
        op.execute(sa.text(function.replace(":", r"\:")))
    for function in FUNCTION_NAMES:
        op.execute(f"drop function {function}")
