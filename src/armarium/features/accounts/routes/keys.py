"""Keys of the caller's programs."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from armarium.features.accounts import ApiKeys
from armarium.features.accounts.routes.common import PROOF, Person, ProvedPerson
from armarium.features.accounts.schemas.security import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from armarium.platform.http import idempotent, provide

router = APIRouter(prefix="/me/api-keys", tags=["accounts"])
Service = Annotated[ApiKeys, provide(ApiKeys)]


@router.get("", operation_id="me_api_keys_list", summary="Keys of your programs")
async def me_api_keys_list(caller: Person, keys: Service) -> list[ApiKeyOut]:
    return [ApiKeyOut.model_validate(key) for key in await keys.list(caller.user_id)]


@router.post(
    "",
    operation_id="me_api_keys_create",
    summary="Make a key for a program",
    description="Send it as `Authorization: Bearer arm_…`. It is shown this once.",
    status_code=status.HTTP_201_CREATED,
    responses={**PROOF, 409: {"description": "You have too many keys."}},
    dependencies=[Depends(idempotent)],
)
async def me_api_keys_create(caller: ProvedPerson, body: ApiKeyIn, keys: Service) -> NewApiKeyOut:
    days = body.expires_in_days
    key, secret = await keys.create(
        caller.user_id,
        caller.session_id,
        name=body.name,
        scopes=body.scopes,
        lifetime=None if days is None else timedelta(days=days),
    )
    return NewApiKeyOut(api_key=ApiKeyOut.model_validate(key), secret=secret)


@router.delete(
    "/{key_id}",
    operation_id="me_api_keys_revoke",
    summary="Revoke a key",
    description="It stops working at once.",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def me_api_keys_revoke(caller: Person, key_id: UUID, keys: Service) -> None:
    await keys.revoke(caller.user_id, key_id)
