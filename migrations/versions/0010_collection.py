"""The tables of collection."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import space_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text(collation="C")
STATUSES = (
    "'wanted', 'watchlist', 'in_transit', 'on_hand', 'on_loan', 'consigned', 'sold', 'traded', "
    "'lost', 'removed'"
)
LIVE = sa.text("deleted_at is null")


def upgrade() -> None:
    op.create_table(
        "items",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", KEY, nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("own_fields", postgresql.JSONB(), nullable=False),
        sa.Column("creator_key", KEY, nullable=False),
        sa.Column("set_key", KEY, nullable=False),
        sa.Column("year", sa.BigInteger()),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("read_text", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("catalogue_entry_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.Column("created_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_items"),
        sa.CheckConstraint(f"status in ({STATUSES})", name="ck_items_status"),
        sa.CheckConstraint("quantity >= 1", name="ck_items_quantity"),
    )
    _index_items()
    space_table("items")
    _create_identifiers()
    _create_tags()
    _create_images()
    _create_values()
    _create_history()


def _index_items() -> None:
    for name, columns in {
        "created": ["created_at"],
        "updated": ["updated_at"],
        "title": ["title_key"],
        "kind": ["kind", "created_at"],
        "creator": ["creator_key"],
        "set": ["set_key"],
    }.items():
        op.create_index(
            f"ix_items_{name}", "items", ["space_id", *columns, "id"], postgresql_where=LIVE
        )
    op.create_index(
        "ix_items_status",
        "items",
        ["space_id", "status", "created_at", "id"],
        postgresql_include=["kind"],
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_items_catalogue_entry",
        "items",
        ["space_id", "catalogue_entry_id"],
        postgresql_where=sa.text("catalogue_entry_id is not null"),
    )
    op.create_index(
        "ix_items_trash",
        "items",
        ["space_id", "deleted_at", "id"],
        postgresql_where=sa.text("deleted_at is not null"),
    )


def _keys() -> list[sa.Column]:
    return [
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
    ]


def _of_item(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["space_id", "item_id"],
        ["items.space_id", "items.id"],
        name=f"fk_{table}_space_id_item_id",
        ondelete="CASCADE",
    )


def _create_identifiers() -> None:
    op.create_table(
        "item_identifiers",
        *_keys(),
        sa.Column("scheme", KEY, nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "space_id", "item_id", "scheme", "value", name="pk_item_identifiers"
        ),
        _of_item("item_identifiers"),
    )
    op.create_index(
        "ix_item_identifiers_value", "item_identifiers", ["space_id", "scheme", "value"]
    )
    space_table("item_identifiers")


def _create_tags() -> None:
    op.create_table(
        "item_tags",
        *_keys(),
        sa.Column("key", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "item_id", "key", name="pk_item_tags"),
        _of_item("item_tags"),
    )
    op.create_index("ix_item_tags_key", "item_tags", ["space_id", "key", "item_id"])
    space_table("item_tags")


def _create_images() -> None:
    op.create_table(
        "item_images",
        *_keys(),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "item_id", "media_id", name="pk_item_images"),
        _of_item("item_images"),
        sa.ForeignKeyConstraint(
            ["space_id", "media_id"],
            ["media.space_id", "media.id"],
            name="fk_item_images_space_id_media_id",
        ),
    )
    op.create_index("ix_item_images_media", "item_images", ["space_id", "media_id"])
    space_table("item_images")


def _create_values() -> None:
    op.create_table(
        "item_values",
        *_keys(),
        sa.Column("field", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_value", KEY),
        sa.Column("bigint_value", sa.BigInteger()),
        sa.Column("float_value", sa.Double()),
        sa.Column("instant_value", INSTANT),
        sa.PrimaryKeyConstraint("space_id", "item_id", "field", "position", name="pk_item_values"),
        sa.CheckConstraint(
            "num_nonnulls(text_value, bigint_value, float_value, instant_value) = 1",
            name="ck_item_values_one",
        ),
        _of_item("item_values"),
    )
    for name in ("text", "bigint", "float", "instant"):
        op.create_index(
            f"ix_item_values_{name}",
            "item_values",
            ["space_id", "field", f"{name}_value", "item_id"],
            postgresql_where=sa.text(f"{name}_value is not null"),
        )
    space_table("item_values")


def _create_history() -> None:
    op.create_table(
        "item_history",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Uuid()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_item_history"),
        _of_item("item_history"),
    )
    op.create_index("ix_item_history_item", "item_history", ["space_id", "item_id", "id"])
    space_table("item_history")


def downgrade() -> None:
    for table in (
        "item_history",
        "item_values",
        "item_images",
        "item_tags",
        "item_identifiers",
        "items",
    ):
        op.drop_table(table)
