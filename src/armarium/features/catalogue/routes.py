"""Catalogues, their entries and pictures, and a space's corrections over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from armarium.features.catalogue.schemas import (
    CatalogueOut,
    ChangeIn,
    CorrectionOut,
    EntryOut,
    ImportStarted,
    OwnEntryIn,
    SetOut,
)
from armarium.features.catalogue.service.browsing import CatalogueService
from armarium.features.catalogue.service.correcting import CatalogueCorrections
from armarium.features.catalogue.service.references import CatalogueReferences
from armarium.features.catalogue.service.uploading import CatalogueUploads
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

router = APIRouter(tags=["catalogue"])
Caller = Annotated[Principal, Depends(current_principal)]
Service = Annotated[CatalogueService, provide(CatalogueService)]
Corrections = Annotated[CatalogueCorrections, provide(CatalogueCorrections)]
References = Annotated[CatalogueReferences, provide(CatalogueReferences)]
Uploads = Annotated[CatalogueUploads, provide(CatalogueUploads)]
Word = Annotated[str, Form(max_length=100)]

CHUNK = 1 << 18
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The caller has it already."},
}
YEAR_CACHE = "private, max-age=31536000, immutable"


@router.get("/catalogues", operation_id="catalogues_list", summary="List catalogues")
async def catalogues_list(caller: Caller, service: Service) -> list[CatalogueOut]:
    return [CatalogueOut.of(each) for each in await service.catalogues(caller.scope)]


@router.post(
    "/catalogues/imports",
    operation_id="catalogues_import",
    summary="Import a catalogue file in the background",
    description="Administrators only. The same file again resumes, or changes nothing.",
    status_code=202,
    dependencies=[Depends(idempotent)],
)
async def catalogues_import(
    caller: Caller,
    uploads: Uploads,
    file: Annotated[UploadFile, File(description="The catalogue file, plain or gzip.")],
    file_format: Annotated[str, Form(alias="format", examples=["csv"], max_length=20)],
    catalogue: Word = "",
    name: Word = "",
    kind: Word = "",
    mapping: Annotated[
        list[str] | None, Form(alias="map", description="CSV: COLUMN=field, repeated.")
    ] = None,
) -> ImportStarted:
    job_id = await uploads.enqueue(
        caller,
        chunks(file),
        file_name=file.filename or "catalogue",
        file_format=file_format.lower(),
        slug=catalogue,
        name=name,
        kind=kind.lower(),
        mapping=mapping,
    )
    return ImportStarted(job_id=job_id)


async def chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """The uploaded bytes piece by piece, so that a large file is never in memory."""
    while part := await file.read(CHUNK):
        yield part


@router.delete(
    "/catalogues/{slug}",
    operation_id="catalogues_delete",
    summary="Delete a catalogue with its entries",
    description="Administrators only. Items keep the facts that they took from it.",
    status_code=204,
)
async def catalogues_delete(caller: Caller, service: Service, slug: str) -> None:
    await service.remove(caller, slug)


@router.get(
    "/catalogues/{slug}/sets", operation_id="catalogue_sets_list", summary="List a catalogue's sets"
)
async def catalogue_sets_list(caller: Caller, service: Service, slug: str) -> list[SetOut]:
    return [SetOut.of(each) for each in await service.sets(caller.scope, slug)]


@router.get(
    "/catalogues/{slug}/entries",
    operation_id="catalogue_entries_list",
    summary="Browse or search a catalogue",
)
async def catalogue_entries_list(
    request: Request,
    response: Response,
    caller: Caller,
    service: Service,
    slug: str,
    page: PageQuery,
    q: Annotated[
        str | None, Query(max_length=500, description="Words to look for, best match first.")
    ] = None,
    set_code: Annotated[
        str | None, Query(alias="set", max_length=60, description="Only this set.")
    ] = None,
) -> list[EntryOut]:
    found = await service.list_entries(caller, slug, page, text=q, set_code=set_code)
    return set_link(request, response, found.map(EntryOut.of))


@router.get(
    "/catalogue/entries",
    operation_id="catalogue_overrides_list",
    summary="List your own entries and those that you corrected",
)
async def catalogue_overrides_list(
    caller: Caller,
    corrections: Corrections,
    kind: Annotated[str | None, Query(max_length=60, description="Only of this kind.")] = None,
) -> list[EntryOut]:
    found = await corrections.overlay(caller, None if kind is None else kind.lower())
    return [EntryOut.of(each) for each in found]


@router.post(
    "/catalogue/entries",
    operation_id="catalogue_entries_create",
    summary="Add an entry that only your space knows",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def catalogue_entries_create(
    response: Response, caller: Caller, corrections: Corrections, body: OwnEntryIn
) -> EntryOut:
    entry = await corrections.create(caller, body.kind, body.change())
    set_etag(response, entry.version or 0)
    return EntryOut.of(entry)


@router.get(
    "/catalogue/entries/{entry_id}",
    operation_id="catalogue_entries_get",
    summary="One entry, with your correction",
)
async def catalogue_entries_get(
    response: Response, caller: Caller, service: Service, entry_id: UUID
) -> EntryOut:
    entry = await service.get(caller, entry_id)
    set_etag(response, entry.version or 0)
    return EntryOut.of(entry)


@router.get(
    "/catalogue/entries/{entry_id}/override",
    operation_id="catalogue_overrides_get",
    summary="What you say differently of an entry",
)
async def catalogue_overrides_get(
    caller: Caller, corrections: Corrections, entry_id: UUID
) -> CorrectionOut:
    return CorrectionOut.of(await corrections.get(caller, entry_id))


@router.put(
    "/catalogue/entries/{entry_id}/override",
    operation_id="catalogue_overrides_put",
    summary="Correct an entry for your space",
    description="Replaces an earlier correction; an entry of your own is changed itself.",
)
async def catalogue_overrides_put(
    response: Response,
    caller: Caller,
    corrections: Corrections,
    entry_id: UUID,
    expected: IfMatch,
    body: ChangeIn,
) -> EntryOut:
    entry = await corrections.put(caller, entry_id, body.change(), expected)
    set_etag(response, entry.version or 0)
    return EntryOut.of(entry)


@router.delete(
    "/catalogue/entries/{entry_id}/override",
    operation_id="catalogue_overrides_delete",
    summary="Take your correction back, or delete your own entry",
    status_code=204,
)
async def catalogue_overrides_delete(
    caller: Caller, corrections: Corrections, entry_id: UUID, expected: IfMatch
) -> None:
    await corrections.remove(caller, entry_id, expected)


@router.get(
    "/catalogue/images/{image_id}",
    operation_id="catalogue_images_get",
    summary="A reference picture",
    responses=PICTURE,
    response_class=StreamingResponse,
)
async def catalogue_images_get(
    caller: Caller,
    references: References,
    image_id: UUID,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    del caller
    content_type, etag, body = await references.picture(image_id)
    headers = {"ETag": etag, "Cache-Control": YEAR_CACHE}
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    return StreamingResponse(body, media_type=content_type, headers=headers)
