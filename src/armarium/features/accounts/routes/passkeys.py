"""The caller's passkeys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from armarium.features.accounts import Passkeys
from armarium.features.accounts.routes.common import (
    PROOF,
    AtSite,
    Person,
    ProvedPerson,
    ThisUser,
)
from armarium.features.accounts.schemas.factors import (
    CeremonyOut,
    NameIn,
    NewPasskeyOut,
    PasskeyIn,
    PasskeyOut,
)
from armarium.platform.http import provide

router = APIRouter(prefix="/me/passkeys", tags=["accounts"])
Service = Annotated[Passkeys, provide(Passkeys)]


@router.get("", operation_id="me_passkeys_list", summary="Your passkeys")
async def me_passkeys_list(caller: Person, passkeys: Service) -> list[PasskeyOut]:
    return [PasskeyOut.model_validate(each) for each in await passkeys.list(caller.user_id)]


@router.post(
    "/options",
    operation_id="me_passkeys_options",
    summary="Begin to add a passkey",
    description="Give `public_key` to `navigator.credentials.create`, then send what it returns.",
    responses={**PROOF, 409: {"description": "Too many, or the address has no name."}},
)
async def me_passkeys_options(
    _caller: ProvedPerson, user: ThisUser, site: AtSite, passkeys: Service
) -> CeremonyOut:
    challenge, options = await passkeys.begin(user, site)
    return CeremonyOut(challenge=challenge, public_key=options)


@router.post(
    "",
    operation_id="me_passkeys_create",
    summary="Add a passkey",
    description="Gives recovery codes when you had none; they are shown this once.",
    status_code=status.HTTP_201_CREATED,
    responses={**PROOF, 409: {"description": "Too many, or the address has no name."}},
)
async def me_passkeys_create(
    caller: ProvedPerson, user: ThisUser, body: PasskeyIn, site: AtSite, passkeys: Service
) -> NewPasskeyOut:
    made, codes = await passkeys.finish(
        user,
        body.challenge,
        body.credential,
        name=body.name,
        site=site,
        session_id=caller.session_id,
    )
    return NewPasskeyOut(passkey=PasskeyOut.model_validate(made), recovery_codes=codes)


@router.patch("/{passkey_id}", operation_id="me_passkeys_rename", summary="Rename a passkey")
async def me_passkeys_rename(
    caller: Person, passkey_id: UUID, body: NameIn, passkeys: Service
) -> PasskeyOut:
    return PasskeyOut.model_validate(await passkeys.rename(caller.user_id, passkey_id, body.name))


@router.delete(
    "/{passkey_id}",
    operation_id="me_passkeys_remove",
    summary="Remove a passkey",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**PROOF, 409: {"description": "It is your last way in, or a factor that you need."}},
)
async def me_passkeys_remove(
    _caller: ProvedPerson, user: ThisUser, passkey_id: UUID, passkeys: Service
) -> None:
    await passkeys.remove(user, passkey_id)
