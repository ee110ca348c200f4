"""What the audit log is told of items: how many left or went, never what they are."""

from typing import Any, Literal
from uuid import UUID

from armarium.features.collection.models import ItemFilter
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Session
from armarium.platform.http import Principal

How = Literal["trashed", "trash_emptied", "kept_long_enough", "for_good"]
TOLD = ("kinds", "statuses", "collections", "catalogue_entry_id", "trashed")
"""Filters that are told with their values; of others, whose words may be private, the name."""
UNTOLD = (
    "tags", "creator", "set_name", "created_from", "created_before", "identifier", "fields", "cost",
)  # fmt: skip


async def tell_deleted(
    session: Session,
    space_id: UUID,
    actor: UUID | None,
    how: How,
    count: int,
    *,
    item_id: UUID | None = None,
) -> None:
    """One entry for one act, however many items it took."""
    entry = AuditEntry(
        action=Action.ITEMS_DELETED,
        actor=actor,
        space_id=space_id,
        target_type="items" if item_id is None else "item",
        target_id=item_id,
        detail={"how": how, "count": count},
    )
    await record(session, entry)


async def tell_exported(
    session: Session, caller: Principal, form: str, chosen: ItemFilter, count: int
) -> None:
    """What was asked for, and how many items that is."""
    told: dict[str, Any] = {name: value for name in TOLD if (value := getattr(chosen, name))}
    told |= {name: frozenset(each) for name, each in told.items() if isinstance(each, tuple)}
    if also := {name for name in UNTOLD if getattr(chosen, name)}:
        told["also_by"] = also
    entry = AuditEntry(
        action=Action.EXPORTED,
        actor=caller.user_id,
        impersonator=caller.impersonator,
        space_id=caller.space_id,
        target_type="items",
        detail={"format": form, "count": count, **told},
    )
    await record(session, entry)
