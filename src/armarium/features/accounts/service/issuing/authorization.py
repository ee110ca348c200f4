"""A program asks, a person answers: the authorization endpoint of OAuth 2.1 and OpenID Connect.

Nothing is kept between the question and the answer; the parameters are examined both times. A
code lives a minute, is stored as its hash, and is bound to the program, the address and the PKCE
challenge.
"""

import json
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from armarium.features.accounts import store as accounts_store
from armarium.features.accounts.errors import (
    OAuthRefused,
    RedirectNotAllowed,
    SessionRequired,
    UnknownClient,
)
from armarium.features.accounts.models import Client, ProgramClient
from armarium.features.accounts.service.issuing.clients import client_of
from armarium.features.accounts.service.issuing.redirects import is_native, matches
from armarium.features.accounts.service.onetime import digest_of
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import issuing as store
from armarium.features.accounts.tables import ClientRow, CodeRow
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope

CODE_LIFE = timedelta(seconds=60)
KEPT = timedelta(days=31)
"""A code is remembered for as long as what it gave may live, to notice a second use."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
OPENID_SCOPES = ("openid", "email", "profile", "offline_access")
MAX_STATE = 2000
MAX_NONCE = 500
MAX_HINT = 4000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose program and address are right; `refusal` says what else is not."""

    client: ProgramClient
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...] = ()
    challenge: str = ""
    nonce: str | None = None
    max_age: int | None = None
    prompt: frozenset[str] = frozenset()
    refusal: OAuthRefused | None = None


class Authorizations:
    """Examines requests, and gives codes for what a person allows."""

    def __init__(self, *, database: Database, issuer: str, scopes: Collection[str]) -> None:
        """`issuer` is our own address, `scopes` the parts of the API that can be allowed."""
        self._database = database
        self.issuer = issuer
        self.scopes = (*OPENID_SCOPES, *scopes)

    async def examine(self, given: Mapping[str, str], *, person: UUID | None = None) -> Asked:
        """Check a request; `person` is who answers it, if that is known.

        Raises:
            UnknownClient: no such program, or another person's own; nobody is sent anywhere.
            RedirectNotAllowed: the program is never answered at this address.
        """
        async with self._database.transaction(Scope()) as session:
            row = await store.client(session, given.get("client_id", "")[:200])
        if row is None or (row.user_id is not None and person not in {None, row.user_id}):
            raise UnknownClient(pointer="query:client_id")
        redirect_uri = _redirect_uri(row, given.get("redirect_uri"))
        state = given.get("state")
        asked = Asked(client_of(row), redirect_uri, None if state is None else state[:MAX_STATE])
        try:
            return self._rest(asked, given)
        except OAuthRefused as refusal:
            return Asked(asked.client, redirect_uri, asked.state, refusal=refusal)

    async def needs_consent(self, asked: Asked, person: UUID) -> bool:
        """Whether to ask: not again for what was allowed to a program that proves who it is.

        Whoever listens on a device may pretend to be any program there, so those always ask.
        """
        if is_native(asked.redirect_uri) or "consent" in asked.prompt:
            return True
        async with self._database.transaction(Scope(user_id=person)) as session:
            row = await store.consent(session, person, asked.client.client_id)
        return row is None or not set(asked.scopes) <= set(row.scopes)

    async def allow(self, asked: Asked, session_id: UUID | None, client: Client) -> str:
        """The address to go back to, with a code for what the person of this session allows."""
        if asked.refusal is not None:
            return self.refuse(asked, asked.refusal.error, asked.refusal.detail)
        if session_id is None:
            raise SessionRequired
        code, at = secrets.token_urlsafe(32), now()
        async with self._database.transaction(Scope()) as session:
            login = await accounts_store.session_by_id(session, session_id)
            if login is None or login.client_id is not None or login.revoked_at is not None:
                raise SessionRequired
            login_at = login.proved_at or login.created_at
            if asked.max_age is not None and at - login_at > timedelta(seconds=asked.max_age):
                return self.refuse(asked, "login_required", "The login is older than max_age.")
            await store.delete_old_codes(session, at - KEPT)
            session.add(
                CodeRow(
                    hash=digest_of(code),
                    client_id=asked.client.client_id,
                    user_id=login.user_id,
                    redirect_uri=asked.redirect_uri,
                    challenge=asked.challenge,
                    scopes=list(asked.scopes),
                    nonce=asked.nonce,
                    second_factor=login.second_factor,
                    login_at=login_at,
                    created_at=at,
                    expires_at=at + CODE_LIFE,
                    used_at=None,
                    session_id=None,
                )
            )
            await session.flush()
            await store.put_consent(
                session, login.user_id, asked.client.client_id, list(asked.scopes), at
            )
            await note(
                session,
                Action.CONSENT_GIVEN,
                login.user_id,
                client=client,
                target=("client", None),
                client_id=asked.client.client_id,
                scopes=frozenset(asked.scopes),
            )
        return self._back(asked, {"code": code})

    async def allow_silently(
        self, asked: Asked, person: UUID | None, session_id: UUID | None, client: Client
    ) -> str:
        """The answer to `prompt=none`: a code for what was allowed before, or why none.

        The browser came here by itself, so nothing new is allowed: neither more scopes, nor a
        program on a device, which cannot prove which one it is.
        """
        if asked.refusal is None and (person is None or session_id is None):
            return self.refuse(asked, "login_required", "Nobody is logged in.")
        if asked.refusal is None and person and await self.needs_consent(asked, person):
            return self.refuse(asked, "consent_required", "The person has to be asked.")
        return await self.allow(asked, session_id, client)

    async def farewell(self, given: Mapping[str, str]) -> str | None:
        """Where a program wants the browser to be after logging out; None where it does not say.

        Only to an address at which the program is answered anyway. The hint merely names the
        program: it is not believed, since the person is asked in any case.

        Raises:
            UnknownClient: no such program.
            RedirectNotAllowed: not one of its addresses.
        """
        wanted = given.get("post_logout_redirect_uri")
        if wanted is None:
            return None
        client_id = given.get("client_id") or audience_of(given.get("id_token_hint", ""))
        async with self._database.transaction(Scope()) as session:
            row = await store.client(session, client_id[:200])
        if row is None:
            raise UnknownClient(pointer="query:client_id")
        if not any(matches(each, wanted) for each in row.redirect_uris):
            raise RedirectNotAllowed(pointer="query:post_logout_redirect_uri")
        state = given.get("state")
        joint = "&" if urlsplit(wanted).query else "?"
        return (
            wanted if state is None else f"{wanted}{joint}{urlencode({'state': state[:MAX_STATE]})}"
        )

    def refuse(self, asked: Asked, error: str, detail: str) -> str:
        """The address to go back to without anything."""
        return self._back(asked, {"error": error, "error_description": detail})

    def _back(self, asked: Asked, said: dict[str, str]) -> str:
        """`iss` tells a program with several issuers whose answer this is (RFC 9207)."""
        query = {**said, "iss": self.issuer}
        if asked.state is not None:
            query["state"] = asked.state
        return _with_query(asked.redirect_uri, query)

    def _rest(self, asked: Asked, given: Mapping[str, str]) -> Asked:
        if "request" in given or "request_uri" in given:
            raise OAuthRefused("request_not_supported", "Send the parameters as they are.")
        if given.get("response_type") != "code":
            raise OAuthRefused("unsupported_response_type", "Only `code` is offered.")
        if given.get("response_mode", "query") != "query":
            raise OAuthRefused("invalid_request", "Only the response mode `query` is offered.")
        challenge = given.get("code_challenge", "")
        if given.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
            raise OAuthRefused("invalid_request", "PKCE with S256 is needed.")
        scopes = tuple(dict.fromkeys(given.get("scope", "openid").split()))
        if not scopes or not set(scopes) <= set(self.scopes):
            raise OAuthRefused("invalid_scope", "A scope is unknown.")
        nonce, age = given.get("nonce"), given.get("max_age")
        if len(nonce or "") > MAX_NONCE or len(given.get("state", "")) > MAX_STATE:
            raise OAuthRefused("invalid_request", "`state` or `nonce` is too long.")
        if age is not None and not (age.isascii() and age.isdigit() and len(age) < 10):  # noqa: PLR2004  # years
            raise OAuthRefused("invalid_request", "`max_age` is a number of seconds.")
        prompt = frozenset(given.get("prompt", "").split())
        if "none" in prompt and len(prompt) > 1:
            raise OAuthRefused("invalid_request", "`prompt=none` stands alone.")
        return Asked(
            asked.client,
            asked.redirect_uri,
            asked.state,
            scopes,
            challenge,
            nonce,
            None if age is None else int(age),
            prompt,
        )


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def audience_of(token: str) -> str:
    """The program that an ID token names, unchecked; empty where it is none."""
    try:
        part = token[:MAX_HINT].split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        audience = claims["aud"]
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return ""
    return audience if isinstance(audience, str) else ""


def _redirect_uri(row: ClientRow, given: str | None) -> str:
    """The address as given, which must be registered; the only one need not be given."""
    if given is None and len(row.redirect_uris) == 1 and not is_native(row.redirect_uris[0]):
        return row.redirect_uris[0]
    if given is None or not any(matches(each, given) for each in row.redirect_uris):
        raise RedirectNotAllowed(pointer="query:redirect_uri")
    return given
