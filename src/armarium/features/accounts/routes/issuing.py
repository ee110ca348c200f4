"""Our issuer: the question to a person, and the endpoints of programs.

`/oauth/authorize` is visited from other sites, so this site's strict cookies stay away; its page
goes on to `/api/v1/me/authorization/page` by itself, where they come along. The web app asks the
same question through `/api/v1/me/authorization`.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute

from armarium.features.accounts import Authorizations, Client, Clients, Grants, Sessions
from armarium.features.accounts.errors import (
    InvalidToken,
    OAuthRefused,
    RedirectNotAllowed,
    SessionRequired,
)
from armarium.features.accounts.routes import pages
from armarium.features.accounts.routes.common import From, Person
from armarium.features.accounts.schemas.issuing import (
    AnswerIn,
    AuthorizationOut,
    GrantedOut,
    RegisteredOut,
    RegistrationIn,
    discovery,
)
from armarium.features.accounts.schemas.outside import RedirectOut
from armarium.features.accounts.service.issuing.authorization import Asked
from armarium.features.accounts.service.issuing.redirects import place_of
from armarium.platform.errors import Problem, Unauthenticated
from armarium.platform.http import (
    Principal,
    clear_session_cookies,
    optional_principal,
    provide,
    public,
)
from armarium.platform.http.access import bearer_or_cookie

Asking = Annotated[Authorizations, provide(Authorizations)]
Giving = Annotated[Grants, provide(Grants)]
Registering = Annotated[Clients, provide(Clients)]
Open = Annotated[Sessions, provide(Sessions)]
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {
        "description": "`error` and `error_description` as in RFC 6749.",
        "content": {"application/json": {"example": {"error": "invalid_grant"}}},
    },
    401: {
        "description": "The program is not who it says it is.",
        "content": {"application/json": {"example": {"error": "invalid_client"}}},
    },
}
UNREADABLE: dict[int | str, dict[str, Any]] = {
    **ERRORS,
    400: {**ERRORS[400], "content": {**ERRORS[400]["content"], "application/problem+json": {}}},
}
"""A body that is no JSON at all is refused before it is anybody's request."""
REFUSED_PAGE: dict[int | str, dict[str, Any]] = {
    400: {"description": "A page that says why.", "content": {"text/html": {}}}
}


class OAuthRoute(APIRoute):
    """Refuses in the words of RFC 6749, which other programs' libraries understand."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own handler, with its refusals translated."""
        handle = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except OAuthRefused as problem:
                return _refusal(problem.error, problem.detail)
            except RequestValidationError:
                return _refusal("invalid_request", "A parameter is missing or malformed.")

        return translated


router = APIRouter(prefix="/oauth", tags=["accounts"], route_class=OAuthRoute)
questions = APIRouter(prefix="/me/authorization", tags=["accounts"])
documents = APIRouter(prefix="/.well-known", tags=["accounts"])


async def parameters_of(request: Request) -> dict[str, str]:
    """The query, in which nothing may come twice."""
    pairs = request.query_params.multi_items()
    if len({name for name, _ in pairs}) != len(pairs):
        raise OAuthRefused("invalid_request", "A parameter came twice.")
    return dict(pairs)


Parameters = Annotated[dict[str, str], Depends(parameters_of)]


@router.get(
    "/authorize",
    operation_id="oauth_authorize",
    summary="Ask a person to let a program act for them (a page)",
    response_class=HTMLResponse,
    responses=REFUSED_PAGE,
)
@public
async def oauth_authorize(parameters: Parameters, asking: Asking) -> Response:
    try:
        asked = await asking.examine(parameters)
    except Problem as problem:
        return pages.refused(problem.detail)
    if asked.refusal is not None:
        return pages.going_on(asking.refuse(asked, asked.refusal.error, asked.refusal.detail))
    return pages.going_on(f"/api/v1/me/authorization/page?{pages.query_of(parameters)}")


@questions.get(
    "/page",
    operation_id="me_authorization_page",
    summary="The question to the person (a page)",
    response_class=HTMLResponse,
    responses=REFUSED_PAGE,
)
@public
async def me_authorization_page(
    caller: Annotated[Principal | None, Depends(optional_principal)],
    asking: Asking,
    client: From,
    parameters: Parameters,
) -> Response:
    if parameters.get("prompt") == "none":
        return await _silently(asking, parameters, caller, client)
    if caller is None or caller.session_id is None:
        return pages.log_in_first(pages.query_of(parameters))
    try:
        asked = await asking.examine(parameters, person=caller.user_id)
    except Problem as problem:
        return pages.refused(problem.detail)
    if asked.refusal is not None:
        return pages.going_on(asking.refuse(asked, asked.refusal.error, asked.refusal.detail))
    return pages.question(await _shown(asking, asked, caller), parameters)


@router.get(
    "/logout",
    operation_id="oauth_logout",
    summary="A program asks to log the person out here, too (a page)",
    description="OpenID Connect RP-Initiated Logout; the person is asked. `client_id` or "
    "`id_token_hint` names the program, `post_logout_redirect_uri` is one of its redirect "
    "addresses.",
    response_class=HTMLResponse,
    responses=REFUSED_PAGE,
)
@public
async def oauth_logout(parameters: Parameters, asking: Asking) -> Response:
    try:
        await asking.farewell(parameters)
    except Problem as problem:
        return pages.refused(problem.detail)
    return pages.going_on(f"/api/v1/me/authorization/leaving?{pages.query_of(parameters)}")


@questions.get(
    "/leaving",
    operation_id="me_authorization_leaving",
    summary="Whether to log out here, too (a page)",
    response_class=HTMLResponse,
    responses=REFUSED_PAGE,
)
@public
async def me_authorization_leaving(
    caller: Annotated[Principal | None, Depends(optional_principal)],
    asking: Asking,
    parameters: Parameters,
) -> Response:
    try:
        url = await asking.farewell(parameters)
    except Problem as problem:
        return pages.refused(problem.detail)
    if caller is None or caller.session_id is None:
        return pages.going_on(url or "/login")
    return pages.leaving(caller.email, parameters)


@questions.post(
    "/leaving",
    operation_id="me_authorization_leave",
    summary="Log out, or stay (a page)",
    response_class=HTMLResponse,
    responses=REFUSED_PAGE,
)
async def me_authorization_leave(
    request: Request, _caller: Person, asking: Asking, sessions: Open
) -> Response:
    form = await request.form()
    parameters = {name: value for name, value in form.items() if isinstance(value, str)}
    leaves = parameters.pop("leave", "no") == "yes"
    try:
        url = await asking.farewell(parameters)
    except Problem as problem:
        return pages.refused(problem.detail)
    response = pages.going_on(url or ("/login" if leaves else "/"))
    if leaves:
        await sessions.log_out(refresh_token=None, access_token=bearer_or_cookie(request))
        clear_session_cookies(response)
    return response


@questions.post(
    "/page",
    operation_id="me_authorization_page_answer",
    summary="The person's answer to the page",
    response_class=HTMLResponse,
)
async def me_authorization_page_answer(
    request: Request, caller: Person, client: From, asking: Asking
) -> Response:
    form = await request.form()
    parameters = {name: value for name, value in form.items() if isinstance(value, str)}
    allow = parameters.pop("allow", "no") == "yes"
    url = await _answered(asking, parameters, caller, client, allow=allow)
    return pages.going_on(url)


@questions.get(
    "",
    operation_id="me_authorization",
    summary="What a program asks for, to show the person",
    description="With the query of `/oauth/authorize`. 422 where the program cannot be answered.",
    responses={400: {"description": "Refused: send the browser to `redirect_to`."}},
)
async def me_authorization(
    parameters: Parameters, caller: Person, asking: Asking
) -> AuthorizationOut:
    asked = await asking.examine(parameters, person=caller.user_id)
    if asked.refusal is not None:
        raise asked.refusal
    return await _shown(asking, asked, caller)


@questions.post(
    "",
    operation_id="me_authorization_answer",
    summary="Allow or refuse what a program asks for",
)
async def me_authorization_answer(
    body: AnswerIn, caller: Person, client: From, asking: Asking
) -> RedirectOut:
    url = await _answered(asking, body.parameters, caller, client, allow=body.allow)
    return RedirectOut(redirect_to=url)


@router.post(
    "/token",
    operation_id="oauth_token",
    summary="Tokens for a code or a refresh token",
    responses=ERRORS,
)
@public
async def oauth_token(
    response: Response,
    client: From,
    giving: Giving,
    grant_type: Annotated[str, Form(max_length=100)],
    client_id: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=200)] = "",
    redirect_uri: Annotated[str, Form(max_length=500)] = "",
    code_verifier: Annotated[str, Form(max_length=200)] = "",
    refresh_token: Annotated[str, Form(max_length=200)] = "",
    scope: Annotated[str, Form(max_length=1000)] = "",
) -> GrantedOut:
    form = {
        "grant_type": grant_type,
        "client_id": client_id,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
        "refresh_token": refresh_token,
        "scope": scope,
    }
    granted = await giving.grant(form, client)
    response.headers.update(NO_STORE)
    return GrantedOut(
        access_token=granted.tokens.access_token,
        expires_in=granted.tokens.expires_in,
        refresh_token=granted.tokens.refresh_token,
        scope=" ".join(sorted(granted.scopes)),
        id_token=granted.id_token,
    )


@router.post(
    "/revoke",
    operation_id="oauth_revoke",
    summary="End the session of a program's token",
    responses=ERRORS,
    response_class=Response,
)
@public
async def oauth_revoke(
    giving: Giving,
    token: Annotated[str, Form(max_length=4000)],
    client_id: Annotated[str, Form(max_length=200)],
) -> Response:
    await giving.revoke(token, client_id)
    return Response(status_code=status.HTTP_200_OK)


@router.get(
    "/userinfo",
    operation_id="oauth_userinfo",
    summary="Who the person behind a token is",
    responses={401: {"description": "The token is not valid, or lacks the scope `openid`."}},
)
@public
async def oauth_userinfo(request: Request, giving: Giving) -> dict[str, Any]:
    """Public to the middleware, which guards /api alone; the token is checked here."""
    if "authorization" not in request.headers:
        raise Unauthenticated
    token = bearer_or_cookie(request)
    if token is None:
        raise InvalidToken
    return await giving.person(token)


@router.post(
    "/register",
    operation_id="oauth_register",
    summary="A program registers itself (RFC 7591), where the server lets it",
    status_code=status.HTTP_201_CREATED,
    responses={**UNREADABLE, 403: {"description": "Programs do not register themselves here."}},
)
@public
async def oauth_register(
    response: Response, body: RegistrationIn, registering: Registering
) -> RegisteredOut:
    try:
        made = await registering.register_itself(
            name=body.client_name, redirect_uris=body.redirect_uris
        )
    except RedirectNotAllowed as problem:
        raise OAuthRefused("invalid_redirect_uri", problem.detail) from problem
    response.headers.update(NO_STORE)
    return RegisteredOut(
        client_id=made.client_id,
        client_id_issued_at=int(made.created_at.timestamp()),
        client_name=made.name,
        redirect_uris=list(made.redirect_uris),
    )


@documents.get(
    "/openid-configuration", operation_id="openid_configuration", summary="Where our issuer is"
)
@public
async def openid_configuration(asking: Asking, registering: Registering) -> dict[str, Any]:
    return discovery(asking.issuer, asking.scopes, dynamic=registering.dynamic)


@documents.get(
    "/oauth-authorization-server",
    operation_id="oauth_authorization_server",
    summary="Where our issuer is (RFC 8414)",
)
@public
async def oauth_authorization_server(asking: Asking, registering: Registering) -> dict[str, Any]:
    return discovery(asking.issuer, asking.scopes, dynamic=registering.dynamic)


@documents.get(
    "/oauth-protected-resource",
    operation_id="oauth_protected_resource",
    summary="Who issues tokens for this API (RFC 9728)",
)
@public
async def oauth_protected_resource(asking: Asking) -> dict[str, Any]:
    return {
        "resource": f"{asking.issuer}/api/v1",
        "authorization_servers": [asking.issuer],
        "scopes_supported": list(asking.scopes),
        "bearer_methods_supported": ["header"],
    }


async def _shown(asking: Authorizations, asked: Asked, caller: Principal) -> AuthorizationOut:
    return AuthorizationOut(
        client_id=asked.client.client_id,
        name=asked.client.name,
        place=place_of(asked.redirect_uri),
        is_verified=asked.client.origin in {"admin", "built_in"},
        scopes=list(asked.scopes),
        email=caller.email,
        needs_consent=await asking.needs_consent(asked, caller.user_id),
    )


async def _silently(
    asking: Authorizations, parameters: dict[str, str], caller: Principal | None, client: Client
) -> Response:
    """Who acts in another's name is, to a program, nobody."""
    known = None if caller is None or caller.impersonator is not None else caller
    try:
        asked = await asking.examine(parameters, person=known and known.user_id)
    except Problem as problem:
        return pages.refused(problem.detail)
    who = (None, None) if known is None else (known.user_id, known.session_id)
    return pages.going_on(await asking.allow_silently(asked, *who, client))


async def _answered(
    asking: Authorizations,
    parameters: dict[str, str],
    caller: Principal,
    client: Client,
    *,
    allow: bool,
) -> str:
    """Where the browser goes on to; who acts in another's name hands nothing on."""
    if caller.impersonator is not None:
        raise SessionRequired
    asked = await asking.examine(parameters, person=caller.user_id)
    if not allow:
        return asking.refuse(asked, "access_denied", "The person refused.")
    return await asking.allow(asked, caller.session_id, client)


def _refusal(error: str, detail: str) -> JSONResponse:
    code = 401 if error == "invalid_client" else 400
    body = {"error": error, "error_description": detail}
    return JSONResponse(body, code, headers=NO_STORE)
