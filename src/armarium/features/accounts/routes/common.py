"""What the room's routes share: who calls, from where, and how tokens travel back."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from armarium.features.accounts import Client, Profiles, Proofs, Site, Tokens, User
from armarium.features.accounts.errors import PasskeysNeedAName, SessionRequired
from armarium.features.accounts.schemas import TokensOut
from armarium.platform.http import (
    Principal,
    client_address,
    current_principal,
    provide,
    set_session_cookies,
)

TOO_MANY: dict[int | str, dict[str, Any]] = {429: {"description": "Too many attempts."}}
REFUSED: dict[int | str, dict[str, Any]] = {401: {"description": "Wrong or used credentials."}}
PROOF: dict[int | str, dict[str, Any]] = {
    403: {"description": "A recent proof of who you are is needed: see `POST /me/proof`."}
}

Caller = Annotated[Principal, Depends(current_principal)]


async def own_session(caller: Caller) -> Principal:
    """The caller, who must be a person with a session: a program's key does not manage accounts."""
    if caller.session_id is None:
        raise SessionRequired
    return caller


async def proved(
    caller: Annotated[Principal, Depends(own_session)], proofs: Annotated[Proofs, provide(Proofs)]
) -> Principal:
    """The caller, who proved who they are a moment ago."""
    await proofs.demand(caller.session_id)
    return caller


Person = Annotated[Principal, Depends(own_session)]
ProvedPerson = Annotated[Principal, Depends(proved)]


async def user_of_caller(caller: Caller, profiles: Annotated[Profiles, provide(Profiles)]) -> User:
    """The caller's account as stored now."""
    return await profiles.get(caller.user_id)


ThisUser = Annotated[User, Depends(user_of_caller)]


async def client_of(request: Request) -> Client:
    """Address and program of the caller."""
    return Client(ip=client_address(request), agent=request.headers.get("user-agent"))


From = Annotated[Client, Depends(client_of)]


async def site_of(request: Request) -> Site:
    """Where the browser is: the public address, else the one that this request came to.

    A made-up Host header gains nothing: the browser signs for the host that it shows.
    """
    base = urlsplit(request.app.state.public_url or str(request.base_url))
    host = base.hostname or ""
    if not host or ":" in host or host.replace(".", "").isdigit():
        raise PasskeysNeedAName
    return Site(rp_id=host, origin=f"{base.scheme}://{base.netloc}")


async def maybe_site_of(request: Request) -> Site | None:
    """The same, for what also works without a passkey."""
    try:
        return await site_of(request)
    except PasskeysNeedAName:
        return None


AtSite = Annotated[Site, Depends(site_of)]
MaybeAtSite = Annotated[Site | None, Depends(maybe_site_of)]


def answer(request: Request, response: Response, tokens: Tokens, *, cookies: bool) -> TokensOut:
    """The pair in the body, or out of reach of scripts in cookies."""
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
