"""Login through other providers: away, back again, and the links to one's account.

A refusal on the way back is a page, not a document: the browser goes on to the login page, whose
address says which problem it was (`?problem=<code>`).
"""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import RedirectResponse

from armarium.features.accounts import OutsideLinks, OutsideLogins
from armarium.features.accounts.routes.common import PROOF, From, Person, ProvedPerson
from armarium.features.accounts.schemas.outside import (
    OutsideIdentityOut,
    ProviderOut,
    RedirectOut,
    WaitingOut,
)
from armarium.features.accounts.service.outside.flow import LIFETIME, WAITING, Landing
from armarium.platform.errors import Problem
from armarium.platform.http import provide, public, set_session_cookies

router = APIRouter(prefix="/auth/providers", tags=["accounts"])
mine = APIRouter(prefix="/me/identities", tags=["accounts"])
callback = APIRouter(prefix="/auth/callback", tags=["accounts"])

BROWSER_COOKIE = "armarium_outside"
WAITING_COOKIE = "armarium_waiting"
Service = Annotated[OutsideLogins, provide(OutsideLogins)]
Links = Annotated[OutsideLinks, provide(OutsideLinks)]


@router.get("", operation_id="auth_providers", summary="Other ways to log in")
@public
async def auth_providers(request: Request, logins: Service) -> list[ProviderOut]:
    return [
        ProviderOut(
            name=each.name,
            label=each.label,
            login_url=request.url_for("auth_provider_login", name=each.name).path,
        )
        for each in logins.providers
    ]


@router.get(
    "/{name}/login",
    operation_id="auth_provider_login",
    summary="Go to a provider to log in",
    description="A page for browsers: it leads to the provider, and back to `/auth/callback`.",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses={404: {"description": "No such provider."}, 502: {"description": "It is away."}},
)
@public
async def auth_provider_login(
    request: Request,
    name: str,
    logins: Service,
    next_path: Annotated[
        str | None, Query(alias="next", description="Path of this server to go on to.")
    ] = None,
    invitation: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    departure = await logins.begin(name, return_to=next_path, invitation=invitation)
    answer = _redirect(departure.url)
    _remember(request, answer, BROWSER_COOKIE, departure.browser, LIFETIME.seconds)
    return answer


@router.get(
    "/{name}/logout",
    operation_id="auth_provider_logout",
    summary="Go to a provider to log out there, too",
    description="Ends no session here: `POST /auth/logout` does.",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses={404: {"description": "No such provider."}, 502: {"description": "It is away."}},
)
@public
async def auth_provider_logout(request: Request, name: str, logins: Service) -> Response:
    back = f"{request.app.state.base_url}/login"
    return _redirect(await logins.logout_url(name, back) or back)


@callback.get(
    "",
    operation_id="auth_callback",
    summary="Where providers send the browser back",
    description="Register this address at the provider. It logs in and goes on to a page.",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
)
@public
async def auth_callback(request: Request, client: From, logins: Service) -> Response:
    browser = request.cookies.get(_name(request, BROWSER_COOKIE))
    landing = await logins.finish(dict(request.query_params), browser, client)
    answer = _redirect(_address(landing))
    _forget(request, answer, BROWSER_COOKIE)
    if landing.waiting is not None:
        _remember(request, answer, WAITING_COOKIE, landing.waiting, WAITING.seconds)
    if landing.tokens is not None:
        set_session_cookies(
            request,
            answer,
            access_token=landing.tokens.access_token,
            access_seconds=landing.tokens.expires_in,
            refresh_token=landing.tokens.refresh_token,
            refresh_seconds=landing.tokens.refresh_expires_in,
        )
    return answer


@mine.get("", operation_id="me_identities_list", summary="Your logins at other providers")
async def me_identities_list(caller: Person, links: Links) -> list[OutsideIdentityOut]:
    return [OutsideIdentityOut.model_validate(each) for each in await links.list(caller.user_id)]


@mine.post(
    "/{name}/link",
    operation_id="me_identities_link",
    summary="Begin to link a login at another provider",
    description="From a browser: the answer sets a cookie that must come back.",
    responses={**PROOF, 502: {"description": "The provider is away."}},
)
async def me_identities_link(
    request: Request, response: Response, name: str, caller: ProvedPerson, logins: Service
) -> RedirectOut:
    departure = await logins.begin(name, return_to="/settings", link_to=caller.user_id)
    _remember(request, response, BROWSER_COOKIE, departure.browser, LIFETIME.seconds)
    return RedirectOut(redirect_to=departure.url)


@mine.get(
    "/waiting",
    operation_id="me_identities_waiting",
    summary="The outside login that waits to be linked in this browser",
    description="After a login whose e-mail address has an account already.",
    responses={404: {"description": "None waits."}},
)
async def me_identities_waiting(request: Request, caller: Person, logins: Service) -> WaitingOut:
    del caller
    person = await logins.waiting(request.cookies.get(_name(request, WAITING_COOKIE)))
    label = logins.provider(person.provider).label
    return WaitingOut(provider=person.provider, label=label, email=person.email)


@mine.post(
    "/waiting",
    operation_id="me_identities_confirm",
    summary="Link the outside login that waits in this browser",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={
        **PROOF,
        404: {"description": "None waits."},
        409: {"description": "It belongs to another account."},
    },
)
async def me_identities_confirm(
    request: Request, response: Response, caller: ProvedPerson, logins: Service
) -> None:
    secret = request.cookies.get(_name(request, WAITING_COOKIE))
    await logins.link_waiting(secret, caller.user_id)
    _forget(request, response, WAITING_COOKIE)


@mine.delete(
    "/{identity_id}",
    operation_id="me_identities_unlink",
    summary="Unlink a login at another provider",
    description="The last way to log in stays.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**PROOF, 409: {"description": "It is your last way in."}},
)
async def me_identities_unlink(caller: ProvedPerson, identity_id: UUID, links: Links) -> None:
    await links.unlink(caller.user_id, identity_id)


def _redirect(url: str) -> RedirectResponse:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(url, status.HTTP_303_SEE_OTHER, headers=headers)


def _address(landing: Landing) -> str:
    """The path with what its page must know: a problem, or a challenge that scripts alone see."""
    if landing.problem is None:
        return landing.path
    joint = "&" if "?" in landing.path else "?"
    said = urlencode({"problem": landing.problem.code})
    return f"{landing.path}{joint}{said}{_rest(landing.problem)}"


def _rest(problem: Problem) -> str:
    """A second factor goes on with the challenge; in the fragment it reaches no log."""
    challenge = problem.extra.get("challenge")
    if challenge is None:
        return ""
    methods = ",".join(problem.extra.get("methods", ()))
    return f"#{urlencode({'challenge': challenge, 'methods': methods})}"


def _name(request: Request, name: str) -> str:
    """Over HTTPS a name that no other host of the domain can set."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def _remember(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """`lax`: the way back from the provider is a navigation from another site."""
    answer.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _forget(request: Request, answer: Response, name: str) -> None:
    answer.delete_cookie(
        _name(request, name),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
