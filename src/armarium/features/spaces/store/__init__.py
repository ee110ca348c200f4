"""Rows of the room; never commits, never decides. The policies decide what is there."""

from armarium.features.spaces.models import MAX_COLLECTIONS
from armarium.features.spaces.policy import MAX_NAME, MAX_TEXT, name_of
from armarium.features.spaces.tables import (
    CollectionRow,
    GrantRow,
    InvitationRow,
    LinkRow,
    MemberRow,
    ModelCallRow,
    QuotaRow,
)
from armarium.platform.archive import Rule
from armarium.platform.owned import OwnedTables

MAX_POSITION = 10_000
RULES = {
    "spaces_collection": Rule(
        texts={"name": MAX_NAME, "description": MAX_TEXT},
        numbers={"position": (0, MAX_POSITION)},
        most=MAX_COLLECTIONS,
        in_space=MAX_COLLECTIONS,
        check=lambda row: name_of(row["name"]),
    )
}
OWNED = OwnedTables(
    "spaces",
    MemberRow,
    CollectionRow,
    GrantRow,
    InvitationRow,
    LinkRow,
    QuotaRow,
    ModelCallRow,
    rules=RULES,
)
"""Who may act in the space; the space's own row goes last, with the person."""
