"""Shared links and public pages: made by members, looked at by anybody who holds the address."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.routes.asking import Caller
from armarium.features.collection.schemas.shared import (
    PersonOut,
    SharedOut,
    ShareIn,
    ShareOut,
    ShownItemOut,
)
from armarium.features.collection.service.showing import Showing, Sight, sight_of
from armarium.features.media import Picture
from armarium.features.spaces import Opened, ShareLinks
from armarium.platform.http import PageQuery, idempotent, provide, public, set_link
from armarium.platform.http.addresses import client_address

router = APIRouter(tags=["sharing"])
Shows = Annotated[Showing, provide(Showing)]
Links = Annotated[ShareLinks, provide(ShareLinks)]

NOT_FOR_ROBOTS = "noindex, nofollow, noarchive"
BYTES_POLICY = "default-src 'none'; sandbox"
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
}
LOCKED: dict[int | str, dict[str, Any]] = {
    401: {"description": "The link asks for a password."},
    429: {"description": "Too many wrong passwords."},
}


async def opened(
    request: Request,
    response: Response,
    links: Links,
    token: str,
    x_share_password: Annotated[
        str | None, Header(max_length=200, description="Of a link with a password.")
    ] = None,
    key: Annotated[
        str | None, Query(max_length=100, description="Instead of the password, for an hour.")
    ] = None,
) -> Opened:
    """The living link of the path, or a refusal that tells nothing."""
    response.headers["X-Robots-Tag"] = NOT_FOR_ROBOTS
    return await links.open(
        token, password=x_share_password, key=key, ip=client_address(request.scope)
    )


Link = Annotated[Opened, Depends(opened)]


@router.post(
    "/shares",
    operation_id="shares_create",
    summary="Make a link that shows an item, a collection or the whole space",
    status_code=201,
    responses={404: {"description": "What the link should show is not there."}},
    dependencies=[Depends(idempotent)],
)
async def shares_create(caller: Caller, shows: Shows, body: ShareIn) -> ShareOut:
    if body.target != "space" and body.target_id is None:
        raise InvalidItem("Say which one.", pointer="/target_id")
    return ShareOut.of(await shows.share(caller, body.link(caller.space_id)))


@router.get("/shares", operation_id="shares_list", summary="Links of the space, with their views")
async def shares_list(caller: Caller, links: Links) -> list[ShareOut]:
    return [ShareOut.of(each) for each in await links.all(caller)]


@router.delete(
    "/shares/{share_id}", operation_id="shares_revoke", summary="Revoke a link", status_code=204
)
async def shares_revoke(caller: Caller, links: Links, share_id: UUID) -> None:
    await links.revoke(caller, share_id)


@router.get(
    "/shared/{token}",
    operation_id="shared_get",
    summary="What a link shows",
    responses=LOCKED,
)
@public
async def shared_get(shows: Shows, link: Link, token: str) -> SharedOut:
    page = await shows.page(link)
    item = None
    if page.item is not None:
        base, query = _share_base(token, link)
        media = await shows.media(sight_of(link), [page.item])
        item = ShownItemOut.of(page.item, media, base, query)
    return SharedOut(
        target=page.link.target,
        title=page.title,
        description=page.description,
        with_prices=page.link.with_prices,
        expires_at=page.link.expires_at,
        key=page.key,
        item=item,
    )


@router.get(
    "/shared/{token}/items",
    operation_id="shared_items",
    summary="The items that a link shows",
    responses=LOCKED,
)
@public
async def shared_items(
    *,
    request: Request,
    response: Response,
    shows: Shows,
    link: Link,
    token: str,
    page: PageQuery,
) -> list[ShownItemOut]:
    base, query = _share_base(token, link)
    return await _listed(request, response, shows, sight_of(link), page, base, query)


@router.get(
    "/shared/{token}/items/{item_id}",
    operation_id="shared_item",
    summary="An item that a link shows",
    responses=LOCKED,
)
@public
async def shared_item(shows: Shows, link: Link, token: str, item_id: UUID) -> ShownItemOut:
    base, query = _share_base(token, link)
    return await _one(shows, sight_of(link), item_id, base, query)


@router.get(
    "/shared/{token}/items/{item_id}/pictures/{media_id}/{variant}",
    operation_id="shared_picture",
    summary="A picture that a link shows: 128, 256, 512 or display",
    response_class=Response,
    responses={**PICTURE, **LOCKED},
)
@public
async def shared_picture(
    shows: Shows, link: Link, token: str, item_id: UUID, media_id: UUID, variant: str
) -> Response:
    del token
    picture = await shows.picture(sight_of(link), item_id, media_id, variant)
    return _picture(picture, robots=False)


@router.get("/people/{handle}", operation_id="people_get", summary="Somebody's public page")
@public
async def people_get(response: Response, shows: Shows, handle: str) -> PersonOut:
    page = await shows.person(handle)
    if not page.profile.indexed:
        response.headers["X-Robots-Tag"] = NOT_FOR_ROBOTS
    return PersonOut.of(page.profile, page.collections)


@router.get(
    "/people/{handle}/collections/{collection_id}/items",
    operation_id="people_items",
    summary="The items of a public collection",
)
@public
async def people_items(
    *,
    request: Request,
    response: Response,
    shows: Shows,
    handle: str,
    collection_id: UUID,
    page: PageQuery,
) -> list[ShownItemOut]:
    sight = await shows.person_sight(handle, collection_id)
    return await _listed(request, response, shows, sight, page, _person_base(handle), "")


@router.get(
    "/people/{handle}/items/{item_id}",
    operation_id="people_item",
    summary="An item of a public collection",
)
@public
async def people_item(shows: Shows, handle: str, item_id: UUID) -> ShownItemOut:
    sight = await shows.person_sight(handle)
    return await _one(shows, sight, item_id, _person_base(handle), "")


@router.get(
    "/people/{handle}/items/{item_id}/pictures/{media_id}/{variant}",
    operation_id="people_picture",
    summary="A picture of an item in a public collection",
    response_class=Response,
    responses=PICTURE,
)
@public
async def people_picture(
    shows: Shows, handle: str, item_id: UUID, media_id: UUID, variant: str
) -> Response:
    page = await shows.person(handle)
    sight = await shows.person_sight(handle)
    picture = await shows.picture(sight, item_id, media_id, variant)
    return _picture(picture, robots=page.profile.indexed)


async def _listed(
    request: Request,
    response: Response,
    shows: Showing,
    sight: Sight,
    page: PageQuery,
    base: str,
    query: str,
) -> list[ShownItemOut]:
    found = await shows.items(sight, page)
    media = await shows.media(sight, list(found.rows))
    return set_link(
        request, response, found.map(lambda item: ShownItemOut.of(item, media, base, query))
    )


async def _one(shows: Showing, sight: Sight, item_id: UUID, base: str, query: str) -> ShownItemOut:
    item = await shows.item(sight, item_id)
    return ShownItemOut.of(item, await shows.media(sight, [item]), base, query)


def _share_base(token: str, link: Opened) -> tuple[str, str]:
    return f"/api/v1/shared/{token}", "" if link.key is None else f"?key={link.key}"


def _person_base(handle: str) -> str:
    return f"/api/v1/people/{handle.strip().lower()}"


def _picture(picture: Picture, *, robots: bool) -> Response:
    headers = {
        "ETag": f'"{picture.tag}"',
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": BYTES_POLICY,
    }
    if not robots:
        headers["X-Robots-Tag"] = NOT_FOR_ROBOTS
    return StreamingResponse(picture.stream, media_type=picture.content_type, headers=headers)
