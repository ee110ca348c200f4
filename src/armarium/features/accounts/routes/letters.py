"""What is done with a letter's link: verification, a new password, a new address."""

from typing import Annotated

from fastapi import APIRouter, status

from armarium.features.accounts import Recovery
from armarium.features.accounts.routes.common import PROOF, TOO_MANY, From, Person, ProvedPerson
from armarium.features.accounts.schemas.letters import EmailIn, NewPasswordIn, ResetIn, TokenIn
from armarium.platform.http import provide, public

router = APIRouter(prefix="/auth", tags=["accounts"])
addresses = APIRouter(prefix="/me", tags=["accounts"])
Service = Annotated[Recovery, provide(Recovery)]


@router.post(
    "/password-reset",
    operation_id="auth_password_reset",
    summary="Ask for a letter to choose a new password",
    description="The answer is the same whether or not there is an account with the address.",
    status_code=status.HTTP_202_ACCEPTED,
    responses=TOO_MANY,
)
@public
async def auth_password_reset(body: ResetIn, client: From, recovery: Service) -> None:
    await recovery.ask_for_reset(body.email, client)


@router.post(
    "/password-reset/confirm",
    operation_id="auth_password_reset_confirm",
    summary="Choose a new password by the token of the letter",
    description="Good for an hour and once. Every session of the account is ended, every API key "
    "revoked, and every connected program loses what it was allowed.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=TOO_MANY,
)
@public
async def auth_password_reset_confirm(body: NewPasswordIn, client: From, recovery: Service) -> None:
    await recovery.reset(
        body.token.get_secret_value(), body.new_password.get_secret_value(), client
    )


@router.post(
    "/email/verify",
    operation_id="auth_email_verify",
    summary="Prove your address by the token of the letter",
    description="Where the server asks for that one can log in afterwards; what others offer to "
    "the address is shown everywhere.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=TOO_MANY,
)
@public
async def auth_email_verify(body: TokenIn, client: From, recovery: Service) -> None:
    await recovery.verify(body.token.get_secret_value(), client)


@router.post(
    "/email/confirm",
    operation_id="auth_email_confirm",
    summary="Use a new address, by the token of the letter to it",
    description="The old address gets a letter with a way back.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**TOO_MANY, 409: {"description": "Somebody else has the address by now."}},
)
@public
async def auth_email_confirm(body: TokenIn, client: From, recovery: Service) -> None:
    await recovery.confirm_email(body.token.get_secret_value(), client)


@router.post(
    "/email/undo",
    operation_id="auth_email_undo",
    summary="Take the old address back, by the token of the letter to it",
    description="Good for seven days. Every session is ended, every API key revoked, every "
    "connected program loses what it was allowed, and a reset letter goes there.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**TOO_MANY, 409: {"description": "Somebody else has the address by now."}},
)
@public
async def auth_email_undo(body: TokenIn, client: From, recovery: Service) -> None:
    await recovery.undo_email(body.token.get_secret_value(), client)


@addresses.post(
    "/email/verification",
    operation_id="me_email_verification",
    summary="Ask for a letter that proves your address",
    description="Good for a day. What others offer to your address is shown once it is proved.",
    status_code=status.HTTP_202_ACCEPTED,
    responses=TOO_MANY,
)
async def me_email_verification(caller: Person, recovery: Service) -> None:
    await recovery.ask_to_verify(caller.user_id)


@addresses.post(
    "/email",
    operation_id="me_email",
    summary="Ask for another e-mail address",
    description="Nothing changes before the letter to the new address is confirmed.",
    status_code=status.HTTP_202_ACCEPTED,
    responses={**TOO_MANY, **PROOF},
)
async def me_email(caller: ProvedPerson, body: EmailIn, client: From, recovery: Service) -> None:
    await recovery.ask_for_email(caller.user_id, body.email, client)
