"""What other services need to check our tokens."""

from typing import Annotated, Any

from fastapi import APIRouter

from armarium.features.accounts import SigningKeys
from armarium.platform.http import provide, public

router = APIRouter(prefix="/.well-known", tags=["accounts"])


@router.get("/jwks.json", operation_id="jwks", summary="Public keys that check our access tokens")
@public
async def jwks(keys: Annotated[SigningKeys, provide(SigningKeys)]) -> dict[str, Any]:
    return await keys.public_keys()
