"""Logins: a chain of one-time refresh tokens, and the short access tokens that it gives.

A refresh token's successor is derived from it with the server's secret, so that two tabs which
refresh at once get the same one, without any token being stored in the clear.
"""

import contextlib
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    InvalidRefreshToken,
    InvalidToken,
    RefreshTokenReused,
    WrongCredentials,
)
from armarium.features.accounts.models import Client, Identity, Tokens, User
from armarium.features.accounts.policy import MAX_PASSWORD, email_key
from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.throttle import Throttle
from armarium.features.accounts.tables import RefreshTokenRow, SessionRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session
from armarium.platform.secret import ServerSecret

RACE_GRACE = timedelta(seconds=20)
KEPT_AFTER_END = timedelta(days=30)
MAX_AGENT = 300
MAX_TOKEN = 4000


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens live."""

    access: timedelta
    refresh: timedelta


@dataclass(frozen=True, slots=True)
class _Rotation:
    """How a refresh ended inside its transaction: a next pair, or the reason for none."""

    user: User | None = None
    session_id: UUID | None = None
    refresh_token: str = ""
    refusal: type[InvalidRefreshToken | RefreshTokenReused] | None = None


class Sessions:
    """Opens, continues, checks and ends logins."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        keys: SigningKeys,
        throttle: Throttle,
        secret: ServerSecret,
        cache: Cache,
        lifetimes: Lifetimes,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._keys = keys
        self._throttle = throttle
        self._secret = secret
        self._cache = cache
        self._lifetimes = lifetimes

    async def log_in(self, email: str, password: str, client: Client) -> tuple[User, Tokens]:
        """Check the password and open a session."""
        mailbox = email_key(email)
        await self._throttle.check(client.ip, mailbox)
        async with self._database.transaction(Scope()) as session:
            row = await store.user_by_key(session, mailbox)
        stored = None if row is None or row.disabled_at else row.password_hash
        fits, rehashed = await self._passwords.verify(password[:MAX_PASSWORD], stored)
        if row is None or not fits:
            await self._throttle.failed(client.ip, mailbox)
            raise WrongCredentials
        await self._throttle.succeeded(client.ip, mailbox)
        if rehashed is not None:
            async with self._database.transaction(Scope()) as session:
                (await session.merge(row)).password_hash = rehashed
        return user_of(row), await self.open(user_of(row), client)

    async def open(self, user: User, client: Client) -> Tokens:
        """A new session of a person who has proved who they are."""
        at = now()
        token = secrets.token_urlsafe(32)
        row = SessionRow(
            id=new_id(),
            user_id=user.id,
            created_at=at,
            last_used_at=at,
            expires_at=at + self._lifetimes.refresh,
            revoked_at=None,
            revoked_reason=None,
            ip=client.ip,
            agent=client.agent and client.agent[:MAX_AGENT],
        )
        async with self._database.transaction(Scope()) as session:
            await store.delete_ended_sessions(session, user.id, at - KEPT_AFTER_END)
            session.add(row)
            await session.flush()
            session.add(_link(token, row.id, None, at))
        return await self._tokens(user, row.id, token)

    async def refresh(self, token: str) -> tuple[User, Tokens]:
        """Trade a refresh token for the next pair; a second use ends the whole session."""
        async with self._database.transaction(Scope()) as session:
            rotation = await self._rotate(session, token)
        if rotation.user is None or rotation.session_id is None:
            raise (rotation.refusal or InvalidRefreshToken)
        tokens = await self._tokens(rotation.user, rotation.session_id, rotation.refresh_token)
        return rotation.user, tokens

    async def identify(self, access_token: str) -> tuple[User, Identity]:
        """The living person and session behind an access token."""
        if len(access_token) > MAX_TOKEN:
            raise InvalidToken
        claims = await self._keys.verify(access_token)
        try:
            identity = Identity(UUID(claims["sub"]), UUID(claims["sid"]), str(claims["email"]))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidToken from error

        async def load() -> User | None:
            async with self._database.transaction(Scope()) as session:
                row = await store.live_user(session, identity.user_id, identity.session_id, now())
            return None if row is None else user_of(row)

        user = await self._cache.get(_cache_key(identity.session_id), load)
        if user is None:
            raise InvalidToken
        return user, identity

    async def log_out(self, *, refresh_token: str | None, access_token: str | None) -> None:
        """End the session of either token; nothing happens for tokens of nobody."""
        ids: set[UUID] = set()
        if access_token is not None:
            with contextlib.suppress(InvalidToken):
                ids.add((await self.identify(access_token))[1].session_id)
        async with self._database.transaction(Scope()) as session:
            if refresh_token is not None:
                link = await store.token_for_update(session, digest_of(refresh_token))
                ids |= set() if link is None else {link.session_id}
            await self._revoke(session, SessionRow.id.in_(ids), reason="logged_out")

    async def end_all(self, session: Session, user_id: UUID, *, but: UUID | None) -> None:
        """End a person's sessions, as after a change of password; `but` may go on."""
        others = SessionRow.id != but if but is not None else SessionRow.id.is_not(None)
        await self._revoke(
            session, SessionRow.user_id == user_id, others, reason="password_changed"
        )

    async def forget(self, session: Session, session_id: UUID) -> None:
        """What is kept about this session's person changed."""
        await self._cache.forget(session, _cache_key(session_id))

    async def _rotate(self, session: Session, token: str) -> _Rotation:
        at = now()
        link = await store.token_for_update(session, digest_of(token))
        login = None if link is None else await store.session_by_id(session, link.session_id)
        if link is None or login is None:
            return _Rotation(refusal=InvalidRefreshToken)
        user = await store.live_user(session, login.user_id, login.id, at)
        if user is None:
            return _Rotation(refusal=InvalidRefreshToken)
        following = self._successor(token)
        if link.used_at is None:
            link.used_at = at
            login.last_used_at = at
            login.expires_at = at + self._lifetimes.refresh
            session.add(_link(following, login.id, link.hash, at))
        elif not await self._is_race(session, link, following, at):
            await self._revoke(session, SessionRow.id == login.id, reason="refresh_token_reused")
            return _Rotation(refusal=RefreshTokenReused)
        return _Rotation(user_of(user), login.id, following)

    async def _is_race(
        self, session: Session, link: RefreshTokenRow, following: str, at: datetime
    ) -> bool:
        """Whether the same client merely asked twice: just now, and the answer is still unused."""
        if link.used_at is None or at - link.used_at > RACE_GRACE:
            return False
        child = await store.token_for_update(session, digest_of(following))
        return child is not None and child.used_at is None

    async def _revoke(self, session: Session, *conditions: object, reason: str) -> None:
        ended = await store.revoke_sessions(session, *conditions, reason=reason, at=now())
        for session_id in ended:
            await self.forget(session, session_id)

    async def _tokens(self, user: User, session_id: UUID, refresh_token: str) -> Tokens:
        at = int(now().timestamp())
        access = int(self._lifetimes.access.total_seconds())
        signed = await self._keys.sign(
            {
                "sub": str(user.id),
                "sid": str(session_id),
                "email": user.email,
                "email_verified": user.email_verified,
                "cognito:username": str(user.id),
                "iat": at,
                "exp": at + access,
                "jti": new_id().hex,
            }
        )
        return Tokens(
            access_token=signed,
            expires_in=access,
            refresh_token=refresh_token,
            refresh_expires_in=int(self._lifetimes.refresh.total_seconds()),
        )

    def _successor(self, token: str) -> str:
        made = hmac.new(self._secret.derive("refresh"), token.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(token: str) -> bytes:
    """What is stored of a refresh token; the token itself has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def _link(token: str, session_id: UUID, parent: bytes | None, at: datetime) -> RefreshTokenRow:
    return RefreshTokenRow(
        hash=digest_of(token), session_id=session_id, parent=parent, created_at=at, used_at=None
    )


def _cache_key(session_id: UUID) -> str:
    return f"session:{session_id}"
