"""Scans, identification by text, and the review inbox over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile

from armarium.features.recognition.schemas import (
    AcceptedManyOut,
    AnalysisOut,
    ChooseIn,
    DetectionOut,
    DetectionsIn,
    IdentificationOut,
    IdentifyIn,
    Lower,
    MergeIn,
    RefusedOut,
    ScanOut,
    ScanStarted,
    ScanSummaryOut,
    SplitIn,
    TypedIn,
    WaitingCount,
    WaitingOut,
)
from armarium.features.recognition.service.analyses import AnalysisReader
from armarium.features.recognition.service.cuts import CutService
from armarium.features.recognition.service.identification import IdentificationService
from armarium.features.recognition.service.review import ReviewService
from armarium.features.recognition.service.scans import ScanService, Upload
from armarium.platform.http import (
    PageQuery,
    Principal,
    current_principal,
    idempotent,
    provide,
    set_link,
)

router = APIRouter(tags=["recognition"])

Caller = Annotated[Principal, Depends(current_principal)]
Scans = Annotated[ScanService, provide(ScanService)]
Identification = Annotated[IdentificationService, provide(IdentificationService)]
Review = Annotated[ReviewService, provide(ReviewService)]
Cuts = Annotated[CutService, provide(CutService)]
Kind = Annotated[str | None, Lower, Query(max_length=60)]
FormWord = Annotated[str | None, Lower, Form(max_length=60)]


@router.post(
    "/scans",
    operation_id="scans_create",
    summary="Scan photos",
    status_code=202,
    dependencies=[Depends(idempotent)],
)
async def scans_create(
    response: Response,
    caller: Caller,
    scans: Scans,
    files: Annotated[list[UploadFile], File(description="Photos, 25 MB and 100 MP at most each.")],
    kind: FormWord = None,
    catalogue: FormWord = None,
) -> ScanStarted:
    uploads = [Upload(file.filename or "photo", await file.read()) for file in files]
    scan = await scans.start(caller, uploads, kind=kind or None, catalogue=catalogue or None)
    response.headers["Location"] = f"/api/v1/scans/{scan.id}"
    return ScanStarted(id=scan.id, status=scan.status)


@router.get("/scans", operation_id="scans_list", summary="List scans, newest first")
async def scans_list(
    request: Request, response: Response, caller: Caller, scans: Scans, page: PageQuery
) -> list[ScanSummaryOut]:
    found = await scans.list(caller, page)
    return set_link(request, response, found.map(ScanSummaryOut.of))


@router.get("/scans/{scan_id}", operation_id="scans_get", summary="Follow a scan")
async def scans_get(scan_id: UUID, caller: Caller, scans: Scans) -> ScanOut:
    return ScanOut.of(await scans.get(caller, scan_id))


@router.post("/identify", operation_id="identify", summary="Identify from text alone")
async def identify(
    caller: Caller, identification: Identification, body: IdentifyIn
) -> IdentificationOut:
    found = await identification.identify_text(
        caller.scope, kind=body.kind, text=body.text, catalogue=body.catalogue, limit=body.limit
    )
    return IdentificationOut.of(found)


@router.get("/review", operation_id="review_list", summary="What waits for a decision")
async def review_list(
    request: Request,
    response: Response,
    caller: Caller,
    review: Review,
    page: PageQuery,
    kind: Kind = None,
) -> list[WaitingOut]:
    found = await review.waiting(caller, kind=kind, params=page)
    return set_link(request, response, found.map(WaitingOut.of_pair))


@router.get("/review/count", operation_id="review_count", summary="How many wait")
async def review_count(caller: Caller, review: Review) -> WaitingCount:
    return WaitingCount(waiting=await review.count(caller))


@router.post("/review/accept", operation_id="review_accept_many", summary="Accept many at once")
async def review_accept_many(caller: Caller, review: Review, body: DetectionsIn) -> AcceptedManyOut:
    accepted, failed = await review.accept_many(caller, body.detection_ids)
    return AcceptedManyOut(
        accepted=[DetectionOut.of(each) for each in accepted],
        failed=[RefusedOut.of(each) for each in failed],
    )


@router.post(
    "/review/again",
    operation_id="review_again",
    summary="Look at waiting finds again",
    description="Read and identified anew in the background, as after a catalogue came.",
    responses={
        404: {"description": "One of them is not there."},
        409: {"description": "All of them were decided meanwhile."},
    },
)
async def review_again(caller: Caller, cuts: Cuts, body: DetectionsIn) -> list[DetectionOut]:
    return [DetectionOut.of(each) for each in await cuts.look_again(caller, body.detection_ids)]


@router.get(
    "/items/{item_id}/analyses",
    operation_id="items_analyses",
    summary="How an item was read and identified",
    description="Newest first; empty for an item that was made by hand.",
)
async def items_analyses(
    item_id: UUID, caller: Caller, analyses: Annotated[AnalysisReader, provide(AnalysisReader)]
) -> list[AnalysisOut]:
    return [AnalysisOut.of(each) for each in await analyses.of_item(caller, item_id)]


@router.get("/detections/{detection_id}", operation_id="detections_get", summary="A detection")
async def detections_get(detection_id: UUID, caller: Caller, review: Review) -> DetectionOut:
    return DetectionOut.of(await review.get(caller, detection_id))


@router.post(
    "/detections/{detection_id}/accept",
    operation_id="detections_accept",
    summary="Accept the first candidate",
)
async def detections_accept(detection_id: UUID, caller: Caller, review: Review) -> DetectionOut:
    return DetectionOut.of(await review.accept(caller, detection_id))


@router.post(
    "/detections/{detection_id}/choose",
    operation_id="detections_choose",
    summary="Choose another entry, or name what no catalogue knows",
)
async def detections_choose(
    detection_id: UUID, caller: Caller, review: Review, body: ChooseIn
) -> DetectionOut:
    chosen = await review.choose(
        caller,
        detection_id,
        entry_id=body.catalogue_entry_id,
        title=body.title,
        kind=body.kind,
    )
    return DetectionOut.of(chosen)


@router.post(
    "/detections/{detection_id}/identify",
    operation_id="detections_identify",
    summary="Candidates for a number or title that was typed",
)
async def detections_identify(
    detection_id: UUID, caller: Caller, review: Review, body: TypedIn
) -> IdentificationOut:
    found = await review.identify(caller, detection_id, text=body.text, kind=body.kind)
    return IdentificationOut.of(found)


@router.post(
    "/detections/{detection_id}/split",
    operation_id="detections_split",
    summary="Split into several by drawn boxes",
)
async def detections_split(
    detection_id: UUID, caller: Caller, cuts: Cuts, body: SplitIn
) -> list[DetectionOut]:
    made = await cuts.split(caller, detection_id, [tuple(box) for box in body.boxes])
    return [DetectionOut.of(each) for each in made]


@router.post(
    "/detections/{detection_id}/merge",
    operation_id="detections_merge",
    summary="Merge with others of the same photo",
)
async def detections_merge(
    detection_id: UUID, caller: Caller, cuts: Cuts, body: MergeIn
) -> DetectionOut:
    return DetectionOut.of(await cuts.merge(caller, detection_id, body.detection_ids))


@router.post(
    "/detections/{detection_id}/discard",
    operation_id="detections_discard",
    summary="Discard; the photo stays",
)
async def detections_discard(detection_id: UUID, caller: Caller, review: Review) -> DetectionOut:
    return DetectionOut.of(await review.discard(caller, detection_id))


@router.post(
    "/detections/{detection_id}/undo",
    operation_id="detections_undo",
    summary="Undo the last act on this detection",
)
async def detections_undo(detection_id: UUID, caller: Caller, review: Review) -> DetectionOut:
    return DetectionOut.of(await review.undo(caller, detection_id))
