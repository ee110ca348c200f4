"""Private details of an item."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from armarium.features.collection import Details, PrivateDetails
from armarium.features.collection.routes.asking import Caller
from armarium.platform.http import IfMatch, provide, set_etag
from armarium.platform.wire import Body

router = APIRouter(prefix="/items/{item_id}/private", tags=["collection"])
Service = Annotated[PrivateDetails, provide(PrivateDetails)]
MAX_TEXT = 10_000


class DetailsBody(Body):
    insurance_policy: str = Field(default="", max_length=200, examples=["AX-11-204"])
    storage_place: str = Field(default="", max_length=500, examples=["Safe, second shelf"])
    note: str = Field(default="", max_length=MAX_TEXT)


@router.get(
    "",
    operation_id="items_private_get",
    summary="Private details of an item",
    description=(
        "Insurance policy, storage place and a note. They are kept encrypted under the space's "
        "own key, found by no search, and shown to members who may see prices alone."
    ),
)
async def items_private_get(
    item_id: UUID, response: Response, caller: Caller, service: Service
) -> DetailsBody:
    details, version = await service.get(caller, item_id)
    set_etag(response, version)
    return DetailsBody.model_validate(details, from_attributes=True)


@router.put("", operation_id="items_private_put", summary="Replace private details of an item")
async def items_private_put(
    item_id: UUID,
    response: Response,
    caller: Caller,
    service: Service,
    body: DetailsBody,
    expected: IfMatch,
) -> DetailsBody:
    set_etag(response, await service.put(caller, item_id, Details(**body.model_dump()), expected))
    return body
