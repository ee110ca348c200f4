"""What the routes of this room ask for: services, the caller, filters and orders of lists."""

from datetime import datetime
from typing import Annotated, cast, get_args
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from armarium.features.collection.errors import BadFilter
from armarium.features.collection.models import (
    NEWEST_FIRST,
    CostFilter,
    FieldFilter,
    Item,
    ItemFilter,
    Sort,
)
from armarium.features.collection.policy import (
    MAX_AMOUNT,
    OWN_PREFIX,
    kind_of,
    squeeze_scheme,
    status_of,
)
from armarium.features.collection.schemas import (
    ItemOut,
)
from armarium.features.collection.service.collection import Collection
from armarium.features.collection.service.exporting import ItemExport
from armarium.features.collection.service.reading import ItemReader
from armarium.features.media import MediaService
from armarium.features.spaces import demand_money
from armarium.kinds import registry
from armarium.kit.text import fold
from armarium.platform.http import (
    Principal,
    current_principal,
    provide,
    set_etag,
)

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


async def cost_range(
    caller: Caller,
    cost_currency: Annotated[
        str | None, Query(max_length=3, description="Cost at least or at most, in this currency.")
    ] = None,
    cost_min: Annotated[
        int | None, Query(ge=0, le=MAX_AMOUNT, description="In minor units.")
    ] = None,
    cost_max: Annotated[
        int | None, Query(ge=0, le=MAX_AMOUNT, description="In minor units.")
    ] = None,
) -> CostFilter | None:
    """Read a list's range of costs, from those who may see what things cost."""
    if cost_currency is None and cost_min is None and cost_max is None:
        return None
    demand_money(caller)
    if cost_currency is None:
        raise BadFilter("Say the currency.", pointer="query:cost_currency")
    return CostFilter(cost_currency.strip().upper(), cost_min, cost_max)


CostRange = Annotated[CostFilter | None, Depends(cost_range)]


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
    collection: Annotated[
        list[UUID], Query(max_length=20, description="In any of these named collections.")
    ] = [],  # noqa: B006 - as above
    cost: CostRange,
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
        collections=tuple(collection),
        cost=cost,
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
