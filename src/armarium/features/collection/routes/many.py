"""The collection as a whole: counts, acts on many items, the trash, exports."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.models import (
    ItemChange,
)
from armarium.features.collection.routes.asking import Caller, Export, Filter, Reads, Writes
from armarium.features.collection.schemas import (
    BulkIn,
    BulkOut,
    RemovedOut,
    StatsOut,
    TrashOut,
)
from armarium.features.collection.service.planning import TrashPlan
from armarium.kit.instants import now
from armarium.kit.streams import begun
from armarium.platform.http import provide

router = APIRouter(tags=["collection"])


@router.get(
    "/items/stats",
    operation_id="items_stats",
    summary="How many items, by kind, status and month",
)
async def items_stats(caller: Caller, reads: Reads) -> StatsOut:
    return StatsOut.of(await reads.stats(caller))


@router.post(
    "/items/bulk",
    operation_id="items_bulk",
    summary="The same act on many items, all or none",
)
async def items_bulk(caller: Caller, writes: Writes, body: BulkIn) -> BulkOut:
    match body.action:
        case "trash":
            return BulkOut.of(await writes.bulk_trash(caller, body.ids))
        case "restore":
            return BulkOut.of(await writes.bulk_restore(caller, body.ids))
        case "tag":
            result = await writes.bulk_tags(
                caller, body.ids, add=body.add_tags, remove=body.remove_tags
            )
            return BulkOut.of(result)
        case "set_status":
            if body.status is None:
                raise InvalidItem("Say the status.", pointer="/status")
            change = ItemChange(status=body.status)
            return BulkOut.of(await writes.bulk_change(caller, body.ids, change))
        case "change":
            if body.change is None:
                raise InvalidItem("Say the change.", pointer="/change")
            if "title" in body.change.model_fields_set:
                raise InvalidItem("A title is changed one by one.", pointer="/change/title")
            return BulkOut.of(await writes.bulk_change(caller, body.ids, body.change.change()))


@router.get("/items/trash", operation_id="items_trash_get", summary="How long the trash keeps")
async def items_trash_get(
    caller: Caller, trash: Annotated[TrashPlan, provide(TrashPlan)]
) -> TrashOut:
    del caller  # for whoever is logged in
    return TrashOut(days=trash.days)


@router.post(
    "/items/trash/empty",
    operation_id="items_trash_empty",
    summary="Remove all that is in the trash for good",
)
async def items_trash_empty(caller: Caller, writes: Writes) -> RemovedOut:
    return RemovedOut(removed=await writes.empty_trash(caller))


def download(name: str) -> dict[str, str]:
    """Headers of a file made now."""
    file = f"armarium-{now():%Y-%m-%d}.{name}"
    return {"Content-Disposition": f'attachment; filename="{file}"'}


@router.get(
    "/export/csv",
    operation_id="export_csv",
    summary="The collection as a table, every field a column",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_csv(
    *,
    caller: Caller,
    export: Export,
    chosen: Filter,
    bom: Annotated[
        bool, Query(description="Begin with a byte order mark, which Excel needs for UTF-8.")
    ] = False,
) -> StreamingResponse:
    return StreamingResponse(
        await begun(export.csv(caller, chosen, bom=bom)),
        media_type="text/csv; charset=utf-8",
        headers=download("csv"),
    )


@router.get(
    "/export/json",
    operation_id="export_json",
    summary="The collection whole, as one JSON document",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def export_json(caller: Caller, export: Export, chosen: Filter) -> StreamingResponse:
    return StreamingResponse(
        await begun(export.json(caller, chosen)),
        media_type="application/json",
        headers=download("json"),
    )
