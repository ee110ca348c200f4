"""Named collections and what is in them. Their items are listed by `/items?collection=`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from armarium.features.collection.routes.asking import Caller
from armarium.features.collection.schemas.sharing import (
    ChangedOut,
    ShelfIn,
    ShelfItemsIn,
    ShelfOut,
    ShelfPatch,
)
from armarium.features.collection.service.shelves import Shelves
from armarium.platform.http import IfMatch, idempotent, provide, set_etag

router = APIRouter(prefix="/collections", tags=["collection"])
Service = Annotated[Shelves, provide(Shelves)]


@router.get("", operation_id="collections_list", summary="The named collections that you may see")
async def collections_list(caller: Caller, service: Service) -> list[ShelfOut]:
    return [ShelfOut.of(each) for each in await service.all(caller)]


@router.post(
    "",
    operation_id="collections_create",
    summary="Make a named collection",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def collections_create(
    response: Response, caller: Caller, service: Service, body: ShelfIn
) -> ShelfOut:
    made = await service.create(caller, body.draft())
    set_etag(response, made.collection.version)
    return ShelfOut.of(made)


@router.get("/{collection_id}", operation_id="collections_get", summary="A named collection")
async def collections_get(
    response: Response, caller: Caller, service: Service, collection_id: UUID
) -> ShelfOut:
    found = await service.get(caller, collection_id)
    set_etag(response, found.collection.version)
    return ShelfOut.of(found)


@router.patch(
    "/{collection_id}",
    operation_id="collections_update",
    summary="Rename a collection, or change who sees it",
    responses={409: {"description": "An item would be in two private collections."}},
)
async def collections_update(
    response: Response,
    caller: Caller,
    service: Service,
    collection_id: UUID,
    body: ShelfPatch,
    expected: IfMatch,
) -> ShelfOut:
    changed = await service.change(caller, collection_id, body.change(), expected)
    set_etag(response, changed.collection.version)
    return ShelfOut.of(changed)


@router.delete(
    "/{collection_id}",
    operation_id="collections_delete",
    summary="Delete a collection; its items stay",
    status_code=204,
    responses={409: {"description": "It is private and not empty, or items would be in two."}},
)
async def collections_delete(
    caller: Caller, service: Service, collection_id: UUID, expected: IfMatch
) -> None:
    await service.delete(caller, collection_id, expected)


@router.post(
    "/{collection_id}/items",
    operation_id="collections_add_items",
    summary="Put items into a collection",
)
async def collections_add_items(
    caller: Caller, service: Service, collection_id: UUID, body: ShelfItemsIn
) -> ChangedOut:
    return ChangedOut(changed=await service.add(caller, collection_id, body.item_ids))


@router.post(
    "/{collection_id}/items/remove",
    operation_id="collections_remove_items",
    summary="Take items out of a collection",
)
async def collections_remove_items(
    caller: Caller, service: Service, collection_id: UUID, body: ShelfItemsIn
) -> ChangedOut:
    return ChangedOut(changed=await service.take(caller, collection_id, body.item_ids))
