"""Registration, login, and the caller's own account."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, status

from armarium.features.accounts import (
    Client,
    Profiles,
    Registration,
    Sessions,
    SigningKeys,
    Tokens,
    User,
)
from armarium.features.accounts.errors import InvalidRefreshToken
from armarium.features.accounts.schemas import (
    Credentials,
    MeIn,
    MeOut,
    PasswordIn,
    RefreshIn,
    SetupOut,
    TokensOut,
)
from armarium.platform.http import (
    IfMatch,
    Principal,
    clear_session_cookies,
    client_address,
    current_principal,
    provide,
    public,
    refresh_cookie,
    set_etag,
    set_session_cookies,
)
from armarium.platform.http.access import bearer_or_cookie

auth = APIRouter(prefix="/auth", tags=["accounts"])
me = APIRouter(prefix="/me", tags=["accounts"])
well_known = APIRouter(prefix="/.well-known", tags=["accounts"])

Caller = Annotated[Principal, Depends(current_principal)]
TOO_MANY: dict[int | str, dict[str, Any]] = {429: {"description": "Too many failed attempts."}}
USER_FIELDS = MeOut.model_fields.keys() - {"space_id", "space_role"}
REFUSED: dict[int | str, dict[str, Any]] = {401: {"description": "Wrong or used credentials."}}


@auth.get("/setup", operation_id="auth_setup", summary="Whether this server has an owner yet")
@public
async def auth_setup(registration: Annotated[Registration, provide(Registration)]) -> SetupOut:
    state = await registration.state()
    return SetupOut(has_owner=state.has_owner, registration_open=state.registration_open)


@auth.post(
    "/register",
    operation_id="auth_register",
    summary="Make an account and log in",
    description="The first account owns the server; later ones as `ARMARIUM_REGISTRATION` says.",
    status_code=status.HTTP_201_CREATED,
    responses={
        403: {"description": "Registration is closed."},
        409: {"description": "The address has an account already."},
    },
)
@public
async def auth_register(
    request: Request,
    response: Response,
    body: Credentials,
    registration: Annotated[Registration, provide(Registration)],
    sessions: Annotated[Sessions, provide(Sessions)],
) -> TokensOut:
    user = await registration.register(body.email, body.password.get_secret_value())
    tokens = await sessions.open(user, client_of(request))
    return _answer(request, response, tokens, cookies=body.cookies)


@auth.post(
    "/login",
    operation_id="auth_login",
    summary="Log in with e-mail and password",
    responses={**REFUSED, **TOO_MANY},
)
@public
async def auth_login(
    request: Request,
    response: Response,
    body: Credentials,
    sessions: Annotated[Sessions, provide(Sessions)],
) -> TokensOut:
    _, tokens = await sessions.log_in(
        body.email, body.password.get_secret_value(), client_of(request)
    )
    return _answer(request, response, tokens, cookies=body.cookies)


@auth.post(
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
    return _answer(request, response, tokens, cookies=given is None)


@auth.post(
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


@me.get("", operation_id="me_get", summary="Your account")
async def me_get(
    response: Response, caller: Caller, profiles: Annotated[Profiles, provide(Profiles)]
) -> MeOut:
    user = await profiles.get(caller.user_id)
    set_etag(response, user.version)
    return _me(user, caller)


@me.patch("", operation_id="me_update", summary="Change your name or preferences")
async def me_update(
    response: Response,
    caller: Caller,
    body: MeIn,
    expected: IfMatch,
    profiles: Annotated[Profiles, provide(Profiles)],
) -> MeOut:
    user = await profiles.change(caller.user_id, body.changes(), expected)
    set_etag(response, user.version)
    return _me(user, caller)


@me.post(
    "/password",
    operation_id="me_password",
    summary="Change your password",
    description="Every other session of yours is ended.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=TOO_MANY,
)
async def me_password(
    request: Request,
    caller: Caller,
    body: PasswordIn,
    profiles: Annotated[Profiles, provide(Profiles)],
) -> None:
    await profiles.change_password(
        caller.user_id,
        body.current_password.get_secret_value(),
        body.new_password.get_secret_value(),
        session_id=caller.session_id,
        ip=client_of(request).ip,
    )


@well_known.get(
    "/jwks.json", operation_id="jwks", summary="Public keys that check our access tokens"
)
@public
async def jwks(keys: Annotated[SigningKeys, provide(SigningKeys)]) -> dict[str, Any]:
    return await keys.public_keys()


def client_of(request: Request) -> Client:
    """Address and program of the caller."""
    return Client(
        ip=client_address(request),
        agent=request.headers.get("user-agent"),
    )


def _me(user: User, caller: Principal) -> MeOut:
    return MeOut(
        **{name: getattr(user, name) for name in USER_FIELDS},
        space_id=caller.space_id,
        space_role=caller.space_role,
    )


def _answer(request: Request, response: Response, tokens: Tokens, *, cookies: bool) -> TokensOut:
    if cookies:
        set_session_cookies(
            request,
            response,
            access_token=tokens.access_token,
            access_seconds=tokens.expires_in,
            refresh_token=tokens.refresh_token,
            refresh_seconds=tokens.refresh_expires_in,
        )
    return TokensOut(
        access_token=tokens.access_token,
        expires_in=tokens.expires_in,
        refresh_token=None if cookies else tokens.refresh_token,
    )
