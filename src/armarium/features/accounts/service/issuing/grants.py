"""The token endpoint: codes and refresh tokens for tokens, each good once."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from armarium.features.accounts import store as accounts_store
from armarium.features.accounts.errors import (
    InvalidRefreshToken,
    InvalidToken,
    OAuthRefused,
    RefreshTokenReused,
)
from armarium.features.accounts.models import Client, Program, Tokens, User
from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.service.onetime import digest_of
from armarium.features.accounts.service.outside.claims import half_hash
from armarium.features.accounts.service.outside.flow import challenge_of
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import Opened, Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import issuing as store
from armarium.features.accounts.tables import CodeRow
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
ID_TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Granted:
    """What a program gets."""

    tokens: Tokens
    scopes: frozenset[str]
    id_token: str | None


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a code stood for."""

    user: User
    opened: Opened
    nonce: str | None
    login_at: datetime
    second_factor: bool


class Grants:
    """Gives, renews and takes back tokens of programs, and says whose they are."""

    def __init__(self, *, database: Database, sessions: Sessions, keys: SigningKeys) -> None:
        self._database = database
        self._sessions = sessions
        self._keys = keys

    async def grant(self, form: Mapping[str, str], client: Client) -> Granted:
        """Answer the token endpoint; raise `OAuthRefused` in the words of RFC 6749."""
        if not form.get("client_id"):
            raise OAuthRefused("invalid_client", "`client_id` is missing.")
        match form.get("grant_type"):
            case "authorization_code":
                return await self._by_code(form, client)
            case "refresh_token":
                return await self._by_refresh_token(form)
            case _:
                raise OAuthRefused("unsupported_grant_type", "Codes and refresh tokens only.")

    async def revoke(self, token: str, client_id: str) -> None:
        """End the session of a program's token; of an unknown one nothing is said (RFC 7009)."""
        await self._sessions.end_program(token, client_id)

    async def person(self, token: str) -> dict[str, Any]:
        """The claims that a token's scopes show of its person."""
        user, identity = await self._sessions.identify(token)
        if identity.scopes is not None and "openid" not in identity.scopes:
            raise InvalidToken
        scopes = identity.scopes if identity.via == "program" else None
        return claims_of(user, {"email", "profile"} if scopes is None else scopes)

    async def _by_code(self, form: Mapping[str, str], client: Client) -> Granted:
        async with self._database.transaction(Scope()) as session:
            spent = await self._spend(session, form, client)
        # Raised out of the transaction: a wrong use burns the code, and a second one its session.
        if spent is None:
            raise OAuthRefused("invalid_grant", "The code is not valid, or was used before.")
        tokens = await self._sessions.tokens(spent.user, spent.opened)
        program = spent.opened.program
        scopes: frozenset[str] = frozenset() if program is None else program.scopes
        id_token = None
        if program is not None and "openid" in scopes:
            id_token = await self._id_token(spent, program, tokens.access_token)
        return Granted(tokens, scopes, id_token)

    async def _spend(
        self, session: Session, form: Mapping[str, str], client: Client
    ) -> _Spent | None:
        at = now()
        row = await store.code(session, digest_of(form.get("code", "")))
        if row is None:
            return None
        if row.used_at is not None:
            await self._replayed(session, row, client)
            return None
        row.used_at = at
        person = await accounts_store.user_by_id(session, row.user_id)
        program = await store.client(session, row.client_id)
        fits = (
            row.expires_at > at
            and row.client_id == form["client_id"]
            and row.redirect_uri == form.get("redirect_uri")
            and _proves(form.get("code_verifier", ""), row.challenge)
        )
        if not fits or person is None or person.disabled_at is not None or program is None:
            return None
        program.last_used_at = at
        opened = await self._sessions.begin(
            session,
            user_of(person),
            client,
            method=f"program:{program.name}",
            second_factor=row.second_factor,
            program=Program(row.client_id, frozenset(row.scopes)),
        )
        row.session_id = opened.session_id
        return _Spent(user_of(person), opened, row.nonce, row.login_at, row.second_factor)

    async def _replayed(self, session: Session, row: CodeRow, client: Client) -> None:
        """Somebody else has the code, too; nobody can tell who was first (RFC 9700, 4.5)."""
        if row.session_id is None:
            return
        if await self._sessions.end(session, row.user_id, row.session_id):
            target = ("session", row.session_id)
            await note(
                session, Action.SESSION_REVOKED, row.user_id, client=client, target=target,
                reason="code_replayed",
            )  # fmt: skip

    async def _by_refresh_token(self, form: Mapping[str, str]) -> Granted:
        wanted = frozenset(form.get("scope", "").split())
        try:
            _, tokens = await self._sessions.refresh(
                form.get("refresh_token", ""), client_id=form["client_id"]
            )
        except (InvalidRefreshToken, RefreshTokenReused) as error:
            raise OAuthRefused("invalid_grant", error.detail) from error
        claims = await self._keys.verify(tokens.access_token)
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not wanted <= scopes:
            raise OAuthRefused("invalid_scope", "Only what was allowed can be renewed.")
        return Granted(tokens, scopes, None)

    async def _id_token(self, spent: _Spent, program: Program, access_token: str) -> str:
        at = int(now().timestamp())
        claims: dict[str, Any] = {
            **claims_of(spent.user, program.scopes),
            "aud": program.client_id,
            "iat": at,
            "exp": at + ID_TOKEN_SECONDS,
            "auth_time": int(spent.login_at.timestamp()),
            "at_hash": half_hash(access_token, "ES256"),
            "token_use": "id",
        }
        if spent.nonce is not None:
            claims["nonce"] = spent.nonce
        if spent.second_factor:
            claims["amr"] = ["mfa"]
        return await self._keys.sign(claims)


def claims_of(user: User, scopes: Any) -> dict[str, Any]:
    """What OpenID Connect's scopes show of a person."""
    claims: dict[str, Any] = {"sub": str(user.id)}
    if "email" in scopes:
        claims |= {"email": user.email, "email_verified": user.email_verified}
    if "profile" in scopes:
        claims |= {"name": user.display_name or user.email.partition("@")[0]}
    return claims


def _proves(verifier: str, challenge: str) -> bool:
    if not VERIFIER.fullmatch(verifier):
        return False
    return secrets.compare_digest(challenge_of(verifier), challenge)
