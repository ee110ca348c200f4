"""Items over HTTP: `/items`, and the same handlers under each kind's own path (`/cards`, …)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, cast, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from armarium.features.collection.errors import BadFilter, InvalidItem
from armarium.features.collection.models import (
    NEWEST_FIRST,
    FieldFilter,
    Item,
    ItemChange,
    ItemFilter,
    NewImage,
    Sort,
)
from armarium.features.collection.policy import OWN_PREFIX, kind_of, squeeze_scheme, status_of
from armarium.features.collection.schemas import (
    BulkIn,
    BulkOut,
    HistoryOut,
    ItemIn,
    ItemOut,
    ItemPatch,
    ItemPut,
    ItemSummary,
    RemovedOut,
    RoleIn,
    StatsOut,
    StatusIn,
)
from armarium.features.collection.service.collection import Collection
from armarium.features.collection.service.exporting import ItemExport
from armarium.features.collection.service.reading import ItemReader
from armarium.features.media import MAX_UPLOAD_BYTES, MediaService
from armarium.kinds import registry
from armarium.kit.instants import now
from armarium.kit.text import fold
from armarium.platform.http import (
    IfMatch,
    PageQuery,
    Principal,
    current_principal,
    idempotent,
    provide,
    set_etag,
    set_link,
)

router = APIRouter(tags=["collection"])

Writes = Annotated[Collection, provide(Collection)]
Reads = Annotated[ItemReader, provide(ItemReader)]
Export = Annotated[ItemExport, provide(ItemExport)]
Pictures = Annotated[MediaService, provide(MediaService)]
Caller = Annotated[Principal, Depends(current_principal)]

ITEMS = "items"
FIELD_PARAMETER = "field."
MAX_FIELD_FILTERS = 8


async def implied_kind(request: Request) -> str | None:
    """The kind that the path stands for; None under /items, which holds all."""
    segment = request.url.path.split("/")[3]
    kind = None if segment == ITEMS else registry().by_path(segment)
    return None if kind is None else kind.name


Implied = Annotated[str | None, Depends(implied_kind)]
Words = Annotated[list[str], Query(max_length=20)]


async def item_filter(
    request: Request,
    implied: Implied,
    *,
    kind: Annotated[Words, Query(description="Any of these kinds.")] = [],  # noqa: B006 - FastAPI copies defaults
    status: Annotated[Words, Query(description="Any of these statuses.")] = [],  # noqa: B006 - as above
    tag: Annotated[Words, Query(description="Any of these tags.")] = [],  # noqa: B006 - as above
    creator: Annotated[
        str | None,
        Query(max_length=200, description="Author, artist or maker, or one word's beginning."),
    ] = None,
    set_name: Annotated[
        str | None,
        Query(alias="set", max_length=200, description="Set, series or publisher, the same way."),
    ] = None,
    created_from: Annotated[datetime | None, Query(description="From this instant on.")] = None,
    created_before: Annotated[datetime | None, Query(description="Before this instant.")] = None,
    catalogue_entry_id: UUID | None = None,
    identifier: Annotated[
        str | None, Query(max_length=400, description="`scheme:value`, such as `isbn:978…`.")
    ] = None,
    trashed: Annotated[bool, Query(description="What is in the trash instead.")] = False,
) -> ItemFilter:
    """Read a list's filters; `field.NAME=`, `field.NAME.min=`, `field.own.NAME=` are by field."""
    scheme, _, value = (identifier or "").partition(":")
    return ItemFilter(
        kinds=(implied,) if implied else tuple(kind_of(each).name for each in kind),
        statuses=tuple(status_of(each) for each in status),
        tags=tuple(fold(each) for each in tag),
        creator=creator,
        set_name=set_name,
        created_from=_instant(created_from),
        created_before=_instant(created_before),
        catalogue_entry_id=catalogue_entry_id,
        identifier=(squeeze_scheme(scheme), value.strip()) if identifier else None,
        fields=tuple(field_filters(request)),
        trashed=trashed,
    )


def _instant(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise BadFilter("Say the time zone, as in 2026-11-20T00:00:00Z.")
    return value


def field_filters(request: Request) -> list[FieldFilter]:
    """Conditions of the form `field.year.min=1837`, `field.own.box=Red`."""
    found: dict[str, dict[str, str]] = {}
    for parameter, value in request.query_params.multi_items():
        if parameter.startswith(FIELD_PARAMETER):
            name = parameter.removeprefix(FIELD_PARAMETER)
            end = next((each for each in ("min", "max") if name.endswith(f".{each}")), "")
            found.setdefault(name.removesuffix(f".{end}"), {})[end] = value[:500]
    if len(found) > MAX_FIELD_FILTERS:
        raise BadFilter(f"At most {MAX_FIELD_FILTERS} fields at once.")
    return [
        FieldFilter(
            name=name.removeprefix(OWN_PREFIX),
            own=name.startswith(OWN_PREFIX),
            value=ends.get(""),
            minimum=ends.get("min"),
            maximum=ends.get("max"),
        )
        for name, ends in found.items()
    ]


async def item_sort(
    sort: Annotated[
        str, Query(max_length=30, description=f"One of: {', '.join(get_args(Sort))}.")
    ] = NEWEST_FIRST,
) -> Sort:
    """Read a list's order."""
    if sort not in get_args(Sort):
        raise BadFilter(f"Sort by one of: {', '.join(get_args(Sort))}.", pointer="query:sort")
    return cast("Sort", sort)


Filter = Annotated[ItemFilter, Depends(item_filter)]
Order = Annotated[Sort, Depends(item_sort)]


async def shown(response: Response, caller: Principal, reads: ItemReader, item: Item) -> ItemOut:
    """An item as its page shows it, with its version as ETag."""
    set_etag(response, item.version)
    return ItemOut.of_view(await reads.shown(caller, item))


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
        await writes.remove(caller, item_id, kind=implied)
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


async def add_images(
    *,
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    pictures: Pictures,
    implied: Implied,
    item_id: UUID,
    files: Annotated[list[UploadFile], File(description="New pictures.", max_length=20)] = [],  # noqa: B006 - FastAPI copies defaults
    media_id: Annotated[
        list[UUID], Form(description="Pictures that were sent before.", max_length=100)
    ] = [],  # noqa: B006 - as above
    role: Annotated[str, Form(max_length=50, description="What they show.")] = "other",
) -> ItemOut:
    await reads.get(caller.scope, item_id, kind=implied)
    ids = list(media_id)
    for file in files:
        data = await file.read(MAX_UPLOAD_BYTES + 1)
        ids.append((await pictures.create(caller, data, file.filename or "")).id)
    if not ids:
        raise InvalidItem("Send at least one picture.", pointer="/files")
    images = [NewImage(each, role) for each in ids]
    item = await writes.attach_images(caller, item_id, images, kind=implied)
    return await shown(response, caller, reads, item)


async def order_images(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    body: list[UUID],
) -> ItemOut:
    item = await writes.arrange_images(caller, item_id, body, kind=implied)
    return await shown(response, caller, reads, item)


async def set_image_role(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    media_id: UUID,
    body: RoleIn,
) -> ItemOut:
    item = await writes.set_image_role(caller, item_id, media_id, body.role, kind=implied)
    return await shown(response, caller, reads, item)


async def remove_image(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    media_id: UUID,
) -> ItemOut:
    item = await writes.detach_images(caller, item_id, [media_id], kind=implied)
    return await shown(response, caller, reads, item)


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
            return BulkOut.of(await writes.bulk_change(caller, body.ids, body.change.change()))


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
        export.csv(caller, chosen, bom=bom),
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
        export.json(caller, chosen), media_type="application/json", headers=download("json")
    )


Verb = tuple[str, str, Callable[..., Any], str, str, dict[str, Any]]
CREATES: dict[str, Any] = {"status_code": 201, "dependencies": [Depends(idempotent)]}

VERBS: tuple[Verb, ...] = (
    ("GET", "", list_items, "list", "List {of}, newest first", {}),
    ("POST", "", create_item, "create", "Add {one}", CREATES),
    ("GET", "/{item_id}", get_item, "get", "{one} with pictures and all that is known", {}),
    ("PUT", "/{item_id}", replace_item, "replace", "Replace all of {one}", {}),
    ("PATCH", "/{item_id}", update_item, "update", "Change some of {one}", {}),
    ("PATCH", "/{item_id}/status", set_status, "set_status", "Set the status of {one}", {}),
    ("DELETE", "/{item_id}", delete_item, "delete", "Put {one} in the trash", {"status_code": 204}),
    ("POST", "/{item_id}/restore", restore_item, "restore", "Take {one} out of the trash", {}),
    ("GET", "/{item_id}/history", item_history, "history", "What was done to {one}", {}),
    ("POST", "/{item_id}/images", add_images, "add_images", "Add pictures to {one}", CREATES),
    ("PUT", "/{item_id}/images/order", order_images, "order_images", "Order the pictures", {}),
    (
        "PATCH",
        "/{item_id}/images/{media_id}",
        set_image_role,
        "set_image_role",
        "Say what a picture shows",
        {},
    ),
    (
        "DELETE",
        "/{item_id}/images/{media_id}",
        remove_image,
        "remove_image",
        "Take a picture from {one}",
        {},
    ),
)


def mount(path: str, label: str) -> None:
    """Give every verb under one path; each has an operation id of its own (`cards_list`)."""
    named = {"of": f"{label.lower()}s", "one": f"a {label.lower()}"}
    for method, below, handler, name, summary, options in VERBS:
        router.add_api_route(
            f"/{path}{below}",
            handler,
            methods=[method],
            operation_id=f"{path}_{name}",
            name=f"{path}_{name}",
            summary=summary.format(**named).capitalize(),
            **options,
        )


mount(ITEMS, "Item")
for each_kind in registry():
    if each_kind.collection_path != ITEMS:
        mount(each_kind.collection_path, each_kind.label)
