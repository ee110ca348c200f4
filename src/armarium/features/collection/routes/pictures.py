"""An item's pictures."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Response, UploadFile

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.models import (
    NewImage,
)
from armarium.features.collection.routes.asking import (
    Caller,
    Implied,
    Pictures,
    Reads,
    Writes,
    shown,
)
from armarium.features.collection.schemas import (
    ItemOut,
    RoleIn,
)
from armarium.features.media import MAX_UPLOAD_BYTES
from armarium.platform.http import IfMatch


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
    expected: IfMatch,
) -> ItemOut:
    item = await writes.arrange_images(caller, item_id, body, kind=implied, expected=expected)
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
    expected: IfMatch,
) -> ItemOut:
    item = await writes.set_image_role(
        caller, item_id, media_id, body.role, kind=implied, expected=expected
    )
    return await shown(response, caller, reads, item)


async def remove_image(
    response: Response,
    caller: Caller,
    reads: Reads,
    writes: Writes,
    implied: Implied,
    item_id: UUID,
    media_id: UUID,
    expected: IfMatch,
) -> ItemOut:
    item = await writes.detach_images(caller, item_id, [media_id], kind=implied, expected=expected)
    return await shown(response, caller, reads, item)
