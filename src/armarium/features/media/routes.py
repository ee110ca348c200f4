"""Uploads and pictures over HTTP; the signed addresses of the local blob store."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, File, Header, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from armarium.features.media.models import MAX_UPLOAD_BYTES, ORIGINAL
from armarium.features.media.policy import INLINE_TYPES
from armarium.features.media.schemas import AuditOut, LinkOut, MediaOut, UploadIn, UploadOut
from armarium.features.media.service.intake import MediaService, Picture
from armarium.features.media.service.keeping import MediaKeeper
from armarium.features.media.service.served import ServedBlobs
from armarium.features.spaces import demand_editor, demand_member
from armarium.kit.instants import now
from armarium.platform.http import Principal, current_principal, idempotent, provide, public

router = APIRouter(tags=["media"])
Service = Annotated[MediaService, provide(MediaService)]
Served = Annotated[ServedBlobs, provide(ServedBlobs)]
Keeper = Annotated[MediaKeeper, provide(MediaKeeper)]
Caller = Annotated[Principal, Depends(current_principal)]
Variant = Annotated[
    str, Query(description="Which picture: 128, 256, 512, display or original.", max_length=20)
]

PRIVATE_CACHE = "private, max-age=86400"
"""A day in the person's own browser, never in a shared cache; the bytes of an id don't change."""

BYTES_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Nothing in an uploaded file may run, whatever a browser takes it for."""

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The caller has it already."},
}

NO_PICTURE: dict[int | str, dict[str, Any]] = {415: {"description": "Not a picture we keep."}}
EXPIRED: dict[int | str, dict[str, Any]] = {403: {"description": "The link is not valid (now)."}}


@router.post(
    "/uploads/presign",
    operation_id="uploads_presign",
    summary="Get leave to send one picture straight to the store",
    responses=NO_PICTURE,
    dependencies=[Depends(idempotent)],
)
async def uploads_presign(caller: Caller, service: Service, body: UploadIn) -> UploadOut:
    upload = await service.presign(
        caller, filename=body.filename, content_type=body.content_type, size=body.size
    )
    return UploadOut.of(upload)


@router.post(
    "/upload/presign",
    operation_id="upload_presign",
    summary="The same as /uploads/presign, by its older name",
    responses=NO_PICTURE,
    dependencies=[Depends(idempotent)],
)
async def upload_presign(caller: Caller, service: Service, body: UploadIn) -> UploadOut:
    return await uploads_presign(caller, service, body)


@router.post(
    "/uploads/{upload_id}/complete",
    operation_id="uploads_complete",
    summary="Say that the bytes are there: they are checked, and thumbnails begin",
    responses=NO_PICTURE,
)
async def uploads_complete(caller: Caller, service: Service, upload_id: UUID) -> MediaOut:
    return MediaOut.of(await service.complete(caller, upload_id))


@router.post(
    "/media",
    operation_id="media_create",
    summary="Send a picture through the API",
    status_code=201,
    responses=NO_PICTURE,
    dependencies=[Depends(idempotent)],
)
async def media_create(
    caller: Caller,
    service: Service,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP, TIFF or HEIC; up to 25 MB.")],
) -> MediaOut:
    data = await file.read(MAX_UPLOAD_BYTES + 1)
    return MediaOut.of(await service.create(caller, data, file.filename or ""))


@router.get("/media/{media_id}", operation_id="media_get", summary="What is known of a picture")
async def media_get(caller: Caller, service: Service, media_id: UUID) -> MediaOut:
    return MediaOut.of(await service.get(caller.scope, media_id))


@router.delete(
    "/media/{media_id}",
    operation_id="media_delete",
    summary="Remove a picture that nothing uses",
    status_code=204,
)
async def media_delete(caller: Caller, service: Service, media_id: UUID) -> None:
    await service.discard(caller, media_id)


@router.post(
    "/media/{media_id}/link",
    operation_id="media_link",
    summary="Make a link to a picture that works for some minutes without logging in",
)
async def media_link(
    caller: Caller, service: Service, media_id: UUID, variant: Variant = ORIGINAL
) -> LinkOut:
    return LinkOut.of(await service.link(caller.scope, media_id, variant))


@router.get(
    "/storage/audit",
    operation_id="storage_audit",
    summary="Compare stored objects with their records (changes nothing)",
)
async def storage_audit(caller: Caller, keeper: Keeper) -> AuditOut:
    demand_member(caller)
    return AuditOut.of(await keeper.audit(caller.space_id))


@router.post(
    "/storage/repair",
    operation_id="storage_repair",
    summary="Delete stored objects that no record knows, a bounded number of them",
)
async def storage_repair(
    caller: Caller,
    keeper: Keeper,
    at_most: Annotated[
        int, Query(ge=0, le=10_000, description="Refuse when there are more than these.")
    ] = 100,
) -> AuditOut:
    demand_editor(caller)
    demand_member(caller)
    repaired = await keeper.audit(
        caller.space_id, repair=True, at_most=at_most, actor=caller.user_id
    )
    return AuditOut.of(repaired)


@router.get(
    "/media/{media_id}/{variant}",
    operation_id="media_content",
    summary="A picture's bytes: 128, 256, 512, display or original",
    response_class=Response,
    responses=PICTURE,
)
async def media_content(
    caller: Caller,
    service: Service,
    media_id: UUID,
    variant: str,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    picture = await service.open(caller.scope, media_id, variant)
    return picture_response(picture, if_none_match)


@router.put(
    "/blobs/{token}",
    operation_id="blobs_put",
    summary="Where an upload ticket of the local store points to",
    status_code=204,
    responses={**NO_PICTURE, **EXPIRED},
)
@public
async def blobs_put(request: Request, served: Served, token: str) -> None:
    await served.receive(token, request.stream())


@router.get(
    "/blobs/{token}",
    operation_id="blobs_get",
    summary="Where a signed link of the local store points to",
    response_class=Response,
    responses={**PICTURE, **EXPIRED},
)
@public
async def blobs_get(
    served: Served, token: str, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    return picture_response(await served.give(token), if_none_match)


def cache_of(picture: Picture) -> str:
    """A day for who is logged in; by a link, never longer than the link itself lives."""
    if picture.expires_at is None:
        return PRIVATE_CACHE
    left = max(int((picture.expires_at - now()).total_seconds()), 0)
    return f"private, max-age={left}"


def picture_response(picture: Picture, if_none_match: str | None) -> Response:
    """The bytes as a stream, or 304 when the browser has them."""
    tag = f'"{picture.tag}"'
    headers = {
        "ETag": tag,
        "Cache-Control": cache_of(picture),
        "Content-Security-Policy": BYTES_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Vary": "Authorization, Cookie",
    }
    if if_none_match is not None and tag in (part.strip() for part in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    shown = "inline" if picture.content_type in INLINE_TYPES else "attachment"
    name = quote(picture.filename or "picture", safe="")
    headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{name}"
    return StreamingResponse(picture.stream, media_type=picture.content_type, headers=headers)
