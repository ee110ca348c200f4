"""One item: the handlers under `/items`, and under each kind's own path."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.models import (
    ItemChange,
)
from armarium.features.collection.policy import kind_of
from armarium.features.collection.routes.asking import (
    Caller,
    Filter,
    Implied,
    Order,
    Reads,
    Writes,
    shown,
)
from armarium.features.collection.schemas import (
    HistoryOut,
    ItemIn,
    ItemOut,
    ItemPatch,
    ItemPut,
    ItemSummary,
    StatusIn,
)
from armarium.platform.http import (
    IfMatch,
    PageQuery,
    set_etag,
    set_link,
)


async def list_items(
    request: Request,
    response: Response,
    caller: Caller,
    reads: Reads,
    chosen: Filter,
    sort: Order,
    page: PageQuery,
) -> list[ItemSummary]:
    found = await reads.page(caller, chosen, sort, page)
    covers = await reads.covers(caller, found.rows)
    return set_link(request, response, found.map(lambda item: ItemSummary.of(item, covers)))


async def create_item(
    response: Response, caller: Caller, reads: Reads, writes: Writes, implied: Implied, body: ItemIn
) -> ItemOut:
    kind = implied or body.kind
    if kind is None:
        raise InvalidItem("Say what kind it is.", pointer="/kind")
    if body.kind is not None and kind_of(body.kind).name != kind_of(kind).name:
        raise InvalidItem(f"This path holds items of kind {kind}.", pointer="/kind")
    item = await writes.create(caller, body.new_item(kind))
    response.headers["Location"] = f"/api/v1/items/{item.id}"
    return await shown(response, caller, reads, item)


async def get_item(
    response: Response, caller: Caller, reads: Reads, implied: Implied, item_id: UUID
) -> ItemOut:
    view = await reads.view(caller, item_id, kind=implied)
    set_etag(response, view.item.version)
    return ItemOut.of_view(view)


async def replace_item(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    body: ItemPut,
    expected: IfMatch,
) -> ItemOut:
    item = await writes.change(caller, item_id, body.change(), kind=implied, expected=expected)
    return await shown(response, caller, reads, item)


async def update_item(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    body: ItemPatch,
    expected: IfMatch,
) -> ItemOut:
    item = await writes.change(caller, item_id, body.change(), kind=implied, expected=expected)
    return await shown(response, caller, reads, item)


async def set_status(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    body: StatusIn,
    expected: IfMatch,
) -> ItemOut:
    change = ItemChange(status=body.status)
    item = await writes.change(caller, item_id, change, kind=implied, expected=expected)
    return await shown(response, caller, reads, item)


async def delete_item(
    *,
    caller: Caller,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    expected: IfMatch,
    permanently: Annotated[
        bool, Query(description="Remove for good what is in the trash already.")
    ] = False,
) -> None:
    if permanently:
        await writes.remove(caller, item_id, kind=implied, expected=expected)
    else:
        await writes.trash(caller, item_id, kind=implied, expected=expected)


async def restore_item(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
) -> ItemOut:
    item = await writes.restore(caller, item_id, kind=implied)
    return await shown(response, caller, reads, item)


async def item_history(
    caller: Caller, reads: Reads, implied: Implied, item_id: UUID
) -> list[HistoryOut]:
    found = await reads.history(caller, item_id, kind=implied)
    return [HistoryOut.of(each) for each in found]
