"""A login at an outside provider, from the redirect there to the session here.

The state is one-time, lives ten minutes, and counts only in the browser that began: a cookie of
ours must come back with it. The PKCE verifier and the nonce are derived from the state under the
server's secret, so that the database never holds them.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from armarium.features.accounts.errors import (
    IdentityTaken,
    NothingWaiting,
    OutsideAccountExists,
    OutsideAnswerInvalid,
    OutsideLoginExpired,
    OutsideLoginRefused,
    SecondFactorRequired,
    UnknownProvider,
)
from armarium.features.accounts.models import Client, Tokens
from armarium.features.accounts.service.logins import Logins
from armarium.features.accounts.service.onetime import digest_of
from armarium.features.accounts.service.outside.exchange import exchange
from armarium.features.accounts.service.outside.issuers import OutsidePerson, Provider
from armarium.features.accounts.service.outside.people import OutsidePeople
from armarium.features.accounts.service.outside.remote import Issuers
from armarium.features.accounts.service.sessions import OUTSIDE
from armarium.features.accounts.store import outside as store
from armarium.features.accounts.tables import OutsideFlowRow
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import Problem
from armarium.platform.secret import ServerSecret

LIFETIME = timedelta(minutes=10)
WAITING = timedelta(minutes=30)
MAX_PATH = 500
MAX_PARAMETER = 4000
LOGIN_PAGE = "/login"
WRAPPING = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and the secret that it must bring back in a cookie."""

    url: str
    browser: str


@dataclass(frozen=True, slots=True)
class Landing:
    """How a login at a provider ended: where the browser goes on, and what it may keep."""

    path: str
    tokens: Tokens | None = None
    waiting: str | None = None
    """The secret of an identity that waits to be linked."""
    problem: Problem | None = None


class OutsideLogins:
    """Sends people to providers and takes them back."""

    def __init__(
        self,
        *,
        database: Database,
        issuers: Issuers,
        people: OutsidePeople,
        logins: Logins,
        secret: ServerSecret,
        providers: Sequence[Provider],
        callback_url: str,
    ) -> None:
        """`callback_url` is the one address that providers know of us."""
        self._database = database
        self._issuers = issuers
        self._people = people
        self._logins = logins
        self._secret = secret
        self._providers = {each.name: each for each in providers}
        self._callback_url = callback_url

    def renew_secrets(self, secrets: Mapping[str, str]) -> bool:
        """Take over renewed client secrets, by provider; whether any is new."""
        renewed = {
            name: replace(known, client_secret=secret)
            for name, secret in secrets.items()
            if (known := self._providers.get(name)) is not None and known.client_secret != secret
        }
        self._providers |= renewed
        return bool(renewed)

    @property
    def providers(self) -> list[Provider]:
        """As the login page lists them."""
        return list(self._providers.values())

    def provider(self, name: str) -> Provider:
        """One of them by name."""
        if (found := self._providers.get(name)) is None:
            raise UnknownProvider
        return found

    async def begin(
        self,
        name: str,
        *,
        return_to: str | None = None,
        invitation: str | None = None,
        link_to: UUID | None = None,
    ) -> Departure:
        """Begin a login, or the linking to the account `link_to`."""
        provider = self.provider(name)
        metadata = await self._issuers.of_provider(provider)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        detail: dict[str, Any] = {"return_to": own_path(return_to)}
        if invitation is not None:
            detail["invitation"] = self._seal(invitation)
        await self._keep(
            state,
            "login" if link_to is None else "link",
            name,
            lifetime=LIFETIME,
            browser=digest_of(browser),
            user_id=link_to,
            detail=detail,
        )
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": self._callback_url,
            "scope": " ".join(provider.scopes),
            "state": state,
            "code_challenge": challenge_of(self._verifier(state)),
            "code_challenge_method": "S256",
        }
        if provider.kind == "oidc":
            query["nonce"] = self._nonce(state)
        joint = "&" if urlsplit(metadata.authorize_url).query else "?"
        return Departure(f"{metadata.authorize_url}{joint}{urlencode(query)}", browser)

    async def finish(
        self, answer: Mapping[str, str], browser: str | None, client: Client
    ) -> Landing:
        """Take the browser back from the provider; every refusal is a landing, too."""
        try:
            begun = await self._take(answer.get("state", ""), browser)
        except OutsideLoginExpired as problem:
            return Landing(LOGIN_PAGE, problem=problem)
        back = str(begun.detail["return_to"])
        try:
            person = await self._person(begun.provider, answer)
            if begun.kind == "link" and begun.user_id is not None:
                await self._link(begun.user_id, person)
                return Landing(back)
            return await self._enter(begun, person, back, client)
        except Problem as problem:
            return Landing(back if begun.kind == "link" else LOGIN_PAGE, problem=problem)

    async def waiting(self, secret: str | None) -> OutsidePerson:
        """Who waits in this browser to be linked to an account."""
        async with self._database.transaction(Scope()) as session:
            return _person_of(await self._waiting_row(session, secret))

    async def link_waiting(self, secret: str | None, user_id: UUID) -> None:
        """Link whoever waits to the account of somebody who logged in and says yes."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            row = await self._waiting_row(session, secret)
            if await self._people.link(session, user_id, _person_of(row)) is None:
                raise IdentityTaken
            await session.delete(row)

    async def logout_url(self, name: str, return_url: str) -> str | None:
        """Where one ends the provider's own session; None where it offers no such page."""
        provider = self.provider(name)
        url = (await self._issuers.of_provider(provider)).logout_url
        if url is None:
            return None
        query = {"client_id": provider.client_id, "post_logout_redirect_uri": return_url}
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"

    async def _enter(
        self, begun: OutsideFlowRow, person: OutsidePerson, back: str, client: Client
    ) -> Landing:
        provider = self.provider(begun.provider)
        sealed = begun.detail.get("invitation")
        try:
            user = await self._people.enter(
                person,
                auto_create=provider.auto_create,
                invitation=None if sealed is None else self._open(sealed),
                client=client,
            )
        except OutsideAccountExists as problem:
            return Landing(LOGIN_PAGE, waiting=await self._wait(person), problem=problem)
        proved = provider.trust_second_factor and person.second_factor
        try:
            tokens = await self._logins.vouched(
                user, client, method=f"{OUTSIDE}{provider.name}", second_factor=proved
            )
        except SecondFactorRequired as problem:
            return Landing(f"{LOGIN_PAGE}?{urlencode({'next': back})}", problem=problem)
        return Landing(back, tokens)

    async def _person(self, name: str, answer: Mapping[str, str]) -> OutsidePerson:
        """Check what came back on the address, then trade the code."""
        provider = self.provider(name)
        metadata = await self._issuers.of_provider(provider)
        issuer = answer.get("iss")
        if (issuer is None and metadata.names_itself) or issuer not in {None, metadata.issuer}:
            raise OutsideAnswerInvalid
        code, state = answer.get("code"), answer["state"]
        if code is None or "error" in answer or len(code) > MAX_PARAMETER:
            raise OutsideLoginRefused
        return await exchange(
            self._issuers,
            provider,
            metadata,
            code=code,
            verifier=self._verifier(state),
            nonce=self._nonce(state),
            redirect_uri=self._callback_url,
        )

    async def _link(self, user_id: UUID, person: OutsidePerson) -> None:
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            if await self._people.link(session, user_id, person) is None:
                raise IdentityTaken

    async def _wait(self, person: OutsidePerson) -> str:
        token = secrets.token_urlsafe(32)
        detail = {
            "issuer": person.issuer,
            "subject": person.subject,
            "email": person.email,
            "name": person.name,
        }
        await self._keep(token, "waiting", person.provider, lifetime=WAITING, detail=detail)
        return token

    async def _keep(
        self,
        token: str,
        kind: str,
        provider: str,
        *,
        lifetime: timedelta,
        detail: dict[str, Any],
        browser: bytes | None = None,
        user_id: UUID | None = None,
    ) -> None:
        at = now()
        async with self._database.transaction(Scope()) as session:
            await store.delete_expired_flows(session, at)
            session.add(
                OutsideFlowRow(
                    hash=digest_of(token),
                    kind=kind,
                    provider=provider,
                    browser=browser,
                    user_id=user_id,
                    detail=detail,
                    created_at=at,
                    expires_at=at + lifetime,
                )
            )

    async def _take(self, state: str, browser: str | None) -> OutsideFlowRow:
        """Spend a state; in another browser than the one that began it is nothing."""
        async with self._database.transaction(Scope()) as session:
            row = await store.flow(session, digest_of(state), ("login", "link"), now())
            if row is None or row.browser is None or browser is None:
                raise OutsideLoginExpired
            if not secrets.compare_digest(row.browser, digest_of(browser)):
                raise OutsideLoginExpired
            await session.delete(row)
        return row

    async def _waiting_row(self, session: Session, secret: str | None) -> OutsideFlowRow:
        row = None
        if secret is not None:
            row = await store.flow(session, digest_of(secret), ("waiting",), now())
        if row is None:
            raise NothingWaiting
        return row

    def _verifier(self, state: str) -> str:
        return self._derived("outside-pkce", state)

    def _nonce(self, state: str) -> str:
        return self._derived("outside-nonce", state)

    def _derived(self, purpose: str, state: str) -> str:
        made = hmac.new(self._secret.derive(purpose), state.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made).decode().rstrip("=")

    def _seal(self, text: str) -> str:
        return jwe.encrypt_compact(WRAPPING, text, self._wrapping())

    def _open(self, sealed: str) -> str | None:
        try:
            opened = jwe.decrypt_compact(sealed, self._wrapping())
        except JoseError:
            return None
        return None if opened.plaintext is None else opened.plaintext.decode()

    def _wrapping(self) -> OctKey:
        return OctKey.import_key(self._secret.derive("outside-flow"))


def _person_of(row: OutsideFlowRow) -> OutsidePerson:
    return OutsidePerson(
        provider=row.provider,
        issuer=row.detail["issuer"],
        subject=row.detail["subject"],
        email=row.detail["email"],
        unverified_email=None,
        name=row.detail["name"],
        role=None,
        second_factor=False,
    )


def challenge_of(verifier: str) -> str:
    """`S256` of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def own_path(wanted: str | None) -> str:
    """A path of this server to go on to; the start page for anything that could lead elsewhere."""
    if wanted is None or len(wanted) > MAX_PATH or not wanted.startswith("/"):
        return "/"
    if not wanted.isprintable() or "\\" in wanted or wanted.startswith("//"):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted
