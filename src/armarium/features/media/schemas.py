"""The room's JSON. Other rooms show pictures with `MediaOut`."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from armarium.features.media.models import (
    DISPLAY,
    ORIGINAL,
    THUMBNAIL_SIDES,
    BlobAudit,
    Media,
    MediaStatus,
    Upload,
)
from armarium.platform.wire import Body
from armarium.ports.blobs import SignedDownload

SHOWN = (*(str(side) for side in THUMBNAIL_SIDES), DISPLAY, ORIGINAL)


class UploadIn(Body):
    filename: Annotated[str, Field(max_length=1000, examples=["front.jpg"])] = ""
    content_type: Annotated[str, Field(max_length=100, examples=["image/jpeg"])]
    size: Annotated[int, Field(gt=0, description="Bytes.", examples=[2_400_000])]


class TicketOut(BaseModel):
    method: Annotated[
        str,
        Field(
            description="PUT: send the bytes as the body, with `headers`. POST: send a form, "
            "`fields` first and the bytes last as `file`.",
            examples=["PUT"],
        ),
    ]
    url: Annotated[str, Field(examples=["/api/v1/blobs/eyJhY3QiOiJwdXQi.c2ln"])]
    headers: dict[str, str]
    fields: dict[str, str]
    max_bytes: int
    expires_at: datetime


class MediaOut(BaseModel):
    """A picture; `width` and `height` in pixels, upright."""

    id: UUID
    media_id: UUID
    parent_id: UUID | None
    filename: Annotated[str, Field(examples=["front.jpg"])]
    content_type: Annotated[str, Field(examples=["image/jpeg"])]
    size: Annotated[int, Field(description="Bytes of the original.", examples=[2_400_000])]
    width: Annotated[int | None, Field(examples=[3000])]
    height: Annotated[int | None, Field(examples=[4000])]
    sha256: str | None
    placeholder: Annotated[
        str | None, Field(description="A tiny blurred picture as a data URI, to show meanwhile.")
    ]
    status: Annotated[MediaStatus, Field(examples=["ready"])]
    problem: Annotated[
        str | None, Field(description="Why it failed: a code of the errors page.", examples=[None])
    ]
    region: Annotated[Any, Field(description="Where a crop lies in its parent.", examples=[None])]
    created_at: datetime
    urls: Annotated[
        dict[str, str], Field(description="Address of each size; `original` is as it was sent.")
    ]

    @classmethod
    def of(cls, media: Media) -> "MediaOut":
        return cls(
            id=media.id,
            media_id=media.id,
            parent_id=media.parent_id,
            filename=media.filename,
            content_type=media.content_type,
            size=media.size,
            width=media.width,
            height=media.height,
            sha256=media.sha256,
            placeholder=media.placeholder,
            status=media.status,
            problem=media.problem,
            region=media.region,
            created_at=media.created_at,
            urls={name: media_url(media.id, name) for name in SHOWN},
        )


def media_url(media_id: UUID, variant: str) -> str:
    """Where a picture's bytes are, for those who may see them."""
    return f"/api/v1/media/{media_id}/{variant}"


class UploadOut(BaseModel):
    id: Annotated[UUID, Field(description="Of the upload, and of the picture it becomes.")]
    upload: TicketOut
    media: MediaOut

    @classmethod
    def of(cls, upload: Upload) -> "UploadOut":
        ticket = upload.ticket
        return cls(
            id=upload.media.id,
            upload=TicketOut(
                method=ticket.method,
                url=ticket.url,
                headers=dict(ticket.headers),
                fields=dict(ticket.fields),
                max_bytes=ticket.max_bytes,
                expires_at=ticket.expires_at,
            ),
            media=MediaOut.of(upload.media),
        )


class LinkOut(BaseModel):
    url: str
    expires_at: datetime

    @classmethod
    def of(cls, link: SignedDownload) -> "LinkOut":
        return cls(url=link.url, expires_at=link.expires_at)


class AuditOut(BaseModel):
    without_row: list[str]
    without_object: list[str]
    repaired: int

    @classmethod
    def of(cls, audit: BlobAudit) -> "AuditOut":
        return cls(
            without_row=list(audit.without_row),
            without_object=list(audit.without_object),
            repaired=audit.repaired,
        )
