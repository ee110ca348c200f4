"""Rows of the room; never commits, never decides. The policies decide what is there."""

from armarium.features.spaces.tables import (
    CollectionRow,
    GrantRow,
    InvitationRow,
    LinkRow,
    MemberRow,
    ModelCallRow,
    QuotaRow,
)
from armarium.platform.owned import OwnedTables

OWNED = OwnedTables(
    "spaces",
    MemberRow,
    CollectionRow,
    GrantRow,
    InvitationRow,
    LinkRow,
    QuotaRow,
    ModelCallRow,
)
"""Who may act in the space; the space's own row goes last, with the person."""
