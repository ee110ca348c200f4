"""Second factors, and the fresh proof that sensitive acts ask for."""

from typing import Annotated

from fastapi import APIRouter, status

from armarium.features.accounts import Factors, Proofs
from armarium.features.accounts.routes.common import (
    PROOF,
    TOO_MANY,
    AtSite,
    From,
    MaybeAtSite,
    Person,
    ProvedPerson,
    ThisUser,
)
from armarium.features.accounts.schemas.factors import (
    CeremonyOut,
    CodeIn,
    FactorsOut,
    ProofIn,
    RecoveryCodesOut,
    TotpOut,
)
from armarium.platform.http import provide

router = APIRouter(prefix="/me", tags=["accounts"])
Service = Annotated[Factors, provide(Factors)]
ProofService = Annotated[Proofs, provide(Proofs)]


@router.get(
    "/second-factors", operation_id="me_second_factors", summary="Your second factors, counted"
)
async def me_second_factors(_caller: Person, user: ThisUser, factors: Service) -> FactorsOut:
    return FactorsOut.model_validate(await factors.status(user))


@router.post(
    "/second-factors/totp",
    operation_id="me_totp_begin",
    summary="Begin to use codes from an app",
    description="Show the QR code, then confirm with the first code. Nothing is on before that.",
    responses={**PROOF, 409: {"description": "Codes are on already."}},
)
async def me_totp_begin(_caller: ProvedPerson, user: ThisUser, factors: Service) -> TotpOut:
    secret, uri, drawing = await factors.begin_totp(user)
    return TotpOut(secret=secret, otpauth_uri=uri, qr_svg=drawing)


@router.post(
    "/second-factors/totp/confirm",
    operation_id="me_totp_confirm",
    summary="Turn codes on by the first one",
    description="Your other devices are logged out when this is your first second factor.",
    responses={**TOO_MANY, 404: {"description": "Nothing waits to be confirmed."}},
)
async def me_totp_confirm(
    caller: Person, user: ThisUser, body: CodeIn, factors: Service
) -> RecoveryCodesOut:
    codes = await factors.confirm_totp(user, body.code, caller.session_id)
    return RecoveryCodesOut(recovery_codes=codes)


@router.delete(
    "/second-factors/totp",
    operation_id="me_totp_remove",
    summary="Turn codes off",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={
        **PROOF,
        404: {"description": "You have no codes of an app."},
        409: {"description": "You must keep a second factor here."},
    },
)
async def me_totp_remove(_caller: ProvedPerson, user: ThisUser, factors: Service) -> None:
    await factors.remove_totp(user)


@router.post(
    "/second-factors/recovery-codes",
    operation_id="me_recovery_codes_renew",
    summary="Make ten new recovery codes",
    description="The old ones stop working. The new ones are shown this once.",
    responses={**PROOF, 404: {"description": "You have no second factor."}},
)
async def me_recovery_codes_renew(
    _caller: ProvedPerson, user: ThisUser, factors: Service
) -> RecoveryCodesOut:
    return RecoveryCodesOut(recovery_codes=await factors.renew_codes(user))


@router.post(
    "/proof",
    operation_id="me_proof",
    summary="Prove again that it is you",
    description=(
        "Good for ten minutes. With a second factor: a passkey alone, or the password and a code. "
        "Without one: the password."
    ),
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**TOO_MANY, 401: {"description": "Wrong second factor."}},
)
async def me_proof(
    caller: Person,
    user: ThisUser,
    body: ProofIn,
    client: From,
    site: MaybeAtSite,
    proofs: ProofService,
) -> None:
    await proofs.prove(
        user,
        caller.session_id,
        password=None if body.password is None else body.password.get_secret_value(),
        proof=body.proof(),
        challenge=body.challenge,
        client=client,
        site=site,
    )


@router.post(
    "/proof/options",
    operation_id="me_proof_options",
    summary="Begin a proof by passkey",
    description="Give `public_key` to `navigator.credentials.get`.",
    responses={409: {"description": "The address has no name."}},
)
async def me_proof_options(caller: Person, site: AtSite, proofs: ProofService) -> CeremonyOut:
    challenge, options = await proofs.options(caller.user_id, site)
    return CeremonyOut(challenge=challenge, public_key=options)
