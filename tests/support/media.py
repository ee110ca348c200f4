"""Sending pictures to the API as a client does."""

from typing import Any

import httpx2

from tests.support.pictures import picture


async def send_picture(
    client: httpx2.AsyncClient, data: bytes | None = None, *, filename: str = "front.jpg"
) -> dict[str, Any]:
    """Upload through the API; the picture's JSON."""
    answer = await client.post(
        "/api/v1/media", files={"file": (filename, data or picture(), "image/jpeg")}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def presign(client: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    body = {"filename": "front.jpg", "content_type": "image/jpeg", "size": 100_000, **changes}
    answer = await client.post("/api/v1/uploads/presign", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()
