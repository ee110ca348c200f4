"""Registration, login, refresh and logout."""

from typing import Annotated

from fastapi import APIRouter, Request, Response, status

from armarium.features.accounts import Invitations, Logins, Registration, Sessions
from armarium.features.accounts.errors import InvalidRefreshToken
from armarium.features.accounts.routes.common import (
    REFUSED,
    TOO_MANY,
    AtSite,
    From,
    MaybeAtSite,
    answer,
)
from armarium.features.accounts.schemas import (
    Credentials,
    PendingOut,
    RefreshIn,
    RegisterIn,
    SetupOut,
    TokensOut,
)
from armarium.features.accounts.schemas.factors import (
    CeremonyOut,
    PasskeyLoginIn,
    PasskeyOptionsIn,
    SecondFactorIn,
)
from armarium.features.accounts.schemas.letters import InvitedOut, TokenIn
from armarium.platform.http import (
    clear_session_cookies,
    provide,
    public,
    refresh_cookie,
)
from armarium.platform.http.access import bearer_or_cookie

router = APIRouter(prefix="/auth", tags=["accounts"])
LoginService = Annotated[Logins, provide(Logins)]


@router.get("/setup", operation_id="auth_setup", summary="Whether this server has an owner yet")
@public
async def auth_setup(registration: Annotated[Registration, provide(Registration)]) -> SetupOut:
    return SetupOut.model_validate(await registration.state())


@router.post(
    "/register",
    operation_id="auth_register",
    summary="Make an account and log in",
    description=(
        "The first account owns the server; later ones as `ARMARIUM_REGISTRATION` says. Where "
        "addresses must be proved, the answer is 202 for known and unknown addresses alike."
    ),
    status_code=status.HTTP_201_CREATED,
    responses={
        202: {"description": "A letter is on its way.", "model": PendingOut},
        403: {"description": "Registration is closed, or needs an invitation that is valid."},
        409: {"description": "The address has an account already."},
        **TOO_MANY,
    },
)
@public
async def auth_register(
    request: Request,
    response: Response,
    body: RegisterIn,
    client: From,
    registration: Annotated[Registration, provide(Registration)],
    sessions: Annotated[Sessions, provide(Sessions)],
) -> TokensOut | PendingOut:
    password = body.password.get_secret_value()
    user = await registration.register(
        body.email, password, invitation=body.invitation, client=client
    )
    if user is None:
        response.status_code = status.HTTP_202_ACCEPTED
        return PendingOut()
    tokens = await sessions.open(user, client, method="registration")
    return answer(request, response, tokens, cookies=body.cookies)


@router.post(
    "/invitation",
    operation_id="auth_invitation",
    summary="Look at an invitation before accepting it",
    responses={403: {"description": "The invitation is not valid."}},
)
@public
async def auth_invitation(
    body: TokenIn, invitations: Annotated[Invitations, provide(Invitations)]
) -> InvitedOut:
    return InvitedOut.model_validate(await invitations.look(body.token.get_secret_value()))


@router.post(
    "/login",
    operation_id="auth_login",
    summary="Log in with e-mail and password",
    description=(
        "`second_factor_required` (401) means that the password is right: go on at "
        "`/auth/login/second-factor` with the `challenge` of the answer and one of its `methods`."
    ),
    responses={**REFUSED, **TOO_MANY, 403: {"description": "The address is not proved yet."}},
)
@public
async def auth_login(
    request: Request, response: Response, body: Credentials, client: From, logins: LoginService
) -> TokensOut:
    tokens = await logins.log_in(body.email, body.password.get_secret_value(), client)
    return answer(request, response, tokens, cookies=body.cookies)


@router.post(
    "/login/second-factor",
    operation_id="auth_login_second_factor",
    summary="Finish a login by its second factor",
    responses={**REFUSED, **TOO_MANY},
)
@public
async def auth_login_second_factor(
    request: Request,
    response: Response,
    body: SecondFactorIn,
    client: From,
    site: MaybeAtSite,
    logins: LoginService,
) -> TokensOut:
    tokens = await logins.second_factor(body.challenge, body.proof(), client, site)
    return answer(request, response, tokens, cookies=body.cookies)


@router.post(
    "/login/passkey/options",
    operation_id="auth_login_passkey_options",
    summary="Begin to log in by passkey",
    description=(
        "With the `challenge` of a login, for its second factor; without one, to log in by passkey "
        "alone. Give `public_key` to `navigator.credentials.get`."
    ),
    responses={**REFUSED, 409: {"description": "The address has no name."}},
)
@public
async def auth_login_passkey_options(
    body: PasskeyOptionsIn, site: AtSite, logins: LoginService
) -> CeremonyOut:
    challenge, options = await logins.passkey_options(body.challenge, site)
    return CeremonyOut(challenge=challenge, public_key=options)


@router.post(
    "/login/passkey",
    operation_id="auth_login_passkey",
    summary="Log in by a passkey alone",
    responses={
        **REFUSED,
        **TOO_MANY,
        403: {"description": "The address is not proved yet."},
        409: {"description": "The address has no name."},
    },
)
@public
async def auth_login_passkey(
    request: Request,
    response: Response,
    body: PasskeyLoginIn,
    client: From,
    site: AtSite,
    logins: LoginService,
) -> TokensOut:
    tokens = await logins.passkey(body.challenge, body.passkey, client, site)
    return answer(request, response, tokens, cookies=body.cookies)


@router.post(
    "/refresh",
    operation_id="auth_refresh",
    summary="Trade a refresh token for the next pair",
    description="Each refresh token works once; using one again ends its session.",
    responses={**REFUSED, 403: {"description": "The cookie came from another site."}},
)
@public
async def auth_refresh(
    request: Request,
    response: Response,
    sessions: Annotated[Sessions, provide(Sessions)],
    body: RefreshIn | None = None,
) -> TokensOut:
    given = body.refresh_token if body else None
    token = given or refresh_cookie(request)
    if not token:
        raise InvalidRefreshToken
    _, tokens = await sessions.refresh(token)
    return answer(request, response, tokens, cookies=given is None)


@router.post(
    "/logout",
    operation_id="auth_logout",
    summary="End the session",
    description="Of the refresh token in the body, of the cookies, or of the access token.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={403: {"description": "The cookie came from another site."}},
)
@public
async def auth_logout(
    request: Request,
    response: Response,
    sessions: Annotated[Sessions, provide(Sessions)],
    body: RefreshIn | None = None,
) -> None:
    given = body.refresh_token if body else None
    await sessions.log_out(
        refresh_token=given or refresh_cookie(request), access_token=bearer_or_cookie(request)
    )
    clear_session_cookies(response)
