"""A person's own data: all of it in one file, and the end of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status

from armarium.features.accounts import Proofs, SessionRequired
from armarium.features.operations.schemas import (
    ArchiveImportOut,
    ArchiveLinkOut,
    ArchiveOut,
    DeletionOut,
    DeletionTermsOut,
)
from armarium.features.operations.service.archives import Archives
from armarium.features.operations.service.closing import AccountErasure
from armarium.features.operations.service.uploading import ArchiveUploads
from armarium.platform.http import Principal, current_principal, idempotent, provide

router = APIRouter(prefix="/me", tags=["accounts"])
Caller = Annotated[Principal, Depends(current_principal)]


async def own_session(caller: Caller) -> Principal:
    """The person themselves: everything of theirs is more than any scope of a key names."""
    if caller.via != "session":
        raise SessionRequired
    return caller


async def proved(
    caller: Annotated[Principal, Depends(own_session)], proofs: Annotated[Proofs, provide(Proofs)]
) -> Principal:
    """The person, who proved who they are a moment ago."""
    await proofs.demand(caller.session_id)
    return caller


Person = Annotated[Principal, Depends(own_session)]
ProvedPerson = Annotated[Principal, Depends(proved)]
PROOF: dict[int | str, dict[str, Any]] = {
    403: {"description": "No session of your own, or no recent proof: see `POST /me/proof`."}
}
Archiving = Annotated[Archives, provide(Archives)]
Uploads = Annotated[ArchiveUploads, provide(ArchiveUploads)]
ZIP = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
Erasure = Annotated[AccountErasure, provide(AccountErasure)]


@router.post(
    "/archives",
    operation_id="archives_create",
    summary="Make an archive of everything that is yours",
    description=(
        "A job writes a ZIP with every row of your own space and all original pictures. It can be "
        "brought into another Armarium. The file is kept for seven days. Private collections of "
        "other members are theirs, and not in it. Asks for your own session and a recent proof."
    ),
    status_code=status.HTTP_202_ACCEPTED,
    responses=PROOF,
    dependencies=[Depends(idempotent)],
)
async def archives_create(caller: ProvedPerson, service: Archiving) -> ArchiveOut:
    return ArchiveOut.of(await service.request(caller))


@router.get("/archives", operation_id="archives_list", summary="List your archives")
async def archives_list(caller: Caller, service: Archiving) -> list[ArchiveOut]:
    return [ArchiveOut.of(each) for each in await service.of_person(caller.user_id)]


@router.get(
    "/archives/{archive_id}",
    operation_id="archives_get",
    summary="Get an archive, and how far it is",
)
async def archives_get(archive_id: UUID, caller: Caller, service: Archiving) -> ArchiveOut:
    archive = await service.get(caller.user_id, archive_id)
    return ArchiveOut.of(archive, await service.progress(archive))


@router.post(
    "/archives/{archive_id}/link",
    operation_id="archives_link",
    summary="Get a link to an archive's file",
    description=(
        "It needs no login and ends after five minutes; ask again for another. Asks for your own "
        "session and a recent proof."
    ),
    responses={**PROOF, 409: {"description": "It has no file, or none any more."}},
)
async def archives_link(
    archive_id: UUID, caller: ProvedPerson, service: Archiving
) -> ArchiveLinkOut:
    return ArchiveLinkOut.model_validate(await service.link(caller.user_id, archive_id))


@router.post(
    "/imports",
    operation_id="imports_create",
    summary="Bring an archive into your own space",
    description=(
        "The body is the file. A job reads all of it before it writes anything: all of it comes "
        "in, or nothing. The same archive again adds only what is missing. Asks for your own "
        "session."
    ),
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(idempotent)],
    openapi_extra={"requestBody": {"required": True, "content": ZIP}},
    responses={
        403: {"description": "Not for a program or its key."},
        409: {"description": "One of yours is being brought in already."},
        413: {"description": "Larger than an upload may be."},
    },
)
async def imports_create(request: Request, caller: Person, service: Uploads) -> ArchiveImportOut:
    return ArchiveImportOut.model_validate(await service.take(caller, request.stream()))


@router.get("/imports", operation_id="imports_list", summary="List your imports of late")
async def imports_list(caller: Caller, service: Uploads) -> list[ArchiveImportOut]:
    return [ArchiveImportOut.model_validate(each) for each in await service.recent(caller)]


@router.post(
    "/deletion",
    operation_id="me_deletion_request",
    summary="Have your account erased",
    description=(
        "Asks for a recent proof of who you are (`POST /me/proof`). An archive is made first. You "
        "are logged out everywhere and nothing of yours is shown. Until `closes_at` you may log in "
        "and take it back; then everything is erased for good."
    ),
    status_code=status.HTTP_202_ACCEPTED,
    responses={409: {"description": "You own spaces that others would lose, or run the server."}},
)
async def me_deletion_request(caller: Person, service: Erasure) -> DeletionOut:
    closes_at, archive = await service.request(caller)
    return DeletionOut(closes_at=closes_at, archive=ArchiveOut.of(archive))


@router.get(
    "/deletion",
    operation_id="me_deletion_terms",
    summary="How long the erasure of your account can be taken back",
)
async def me_deletion_terms(caller: Caller, service: Erasure) -> DeletionTermsOut:
    return DeletionTermsOut(grace_days=service.grace.days, closes_at=caller.closes_at)


@router.delete(
    "/deletion",
    operation_id="me_deletion_cancel",
    summary="Take the erasure back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={409: {"description": "Nobody asked for it, or it is too late."}},
)
async def me_deletion_cancel(caller: Caller, service: Erasure) -> None:
    await service.cancel(caller)
