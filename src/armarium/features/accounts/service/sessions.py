"""Logins: a chain of one-time refresh tokens, and the short access tokens that it gives.

A refresh token's successor is derived from it with the server's secret, so that two tabs which
refresh at once get the same one, without any token being stored in the clear.
"""

import contextlib
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    InvalidRefreshToken,
    InvalidToken,
    RefreshTokenReused,
)
from armarium.features.accounts.models import Client, Identity, Program, Tokens, User
from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import factors, history, issuing, letters, programs
from armarium.features.accounts.tables import LoginRow, RefreshTokenRow, SessionRow, UserRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session
from armarium.platform.secret import ServerSecret

RACE_GRACE = timedelta(seconds=20)
KEPT_AFTER_END = timedelta(days=30)
MAX_AGENT = 300
MAX_TOKEN = 4000
OUTSIDE = "outside:"
"""Begins the method of a login through another provider."""


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
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it was begun, before its first tokens are signed."""

    session_id: UUID
    refresh_token: str
    program: Program | None = None


class Bearer(Protocol):
    """Another kind of token than ours: a program's key, an outside issuer's."""

    def knows(self, token: str) -> bool:
        """Whether the token looks like one of this kind; nothing is checked yet."""
        ...

    async def identify(self, token: str) -> tuple[User, Identity]:
        """The living person behind it; raise `InvalidToken` otherwise."""
        ...


class Sessions:
    """Opens, continues, checks and ends logins."""

    def __init__(
        self,
        *,
        database: Database,
        keys: SigningKeys,
        secret: ServerSecret,
        cache: Cache,
        lifetimes: Lifetimes,
    ) -> None:
        self._database = database
        self._keys = keys
        self._secret = secret
        self._cache = cache
        self._lifetimes = lifetimes
        self.bearers: list[Bearer] = []

    async def open(
        self, user: User, client: Client, *, method: str = "password", second_factor: bool = False
    ) -> Tokens:
        """A new session of a person who has just proved who they are, by `method`."""
        async with self._database.transaction(Scope()) as session:
            opened = await self.begin(
                session, user, client, method=method, second_factor=second_factor
            )
        return await self.tokens(user, opened)

    async def begin(
        self,
        session: Session,
        user: User,
        client: Client,
        *,
        method: str,
        second_factor: bool,
        program: Program | None = None,
    ) -> Opened:
        """The same in the caller's transaction; a program's session proves nobody's presence."""
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
            method=method,
            second_factor=second_factor,
            proved_at=at if program is None else None,
            client_id=program and program.client_id,
            scopes=None if program is None else sorted(program.scopes),
        )
        await store.delete_ended_sessions(session, user.id, at - KEPT_AFTER_END)
        session.add(row)
        await session.flush()
        session.add(_link(token, row.id, None, at))
        session.add(login_of(user.id, client, method, session_id=row.id))
        await note(
            session,
            Action.OUTSIDE_LOGIN if method.startswith(OUTSIDE) else Action.LOGIN,
            user.id,
            client=client,
            target=("session", row.id),
            method=method,
            second_factor=second_factor,
        )
        return Opened(row.id, token, program)

    async def refresh(self, token: str, *, client_id: str | None = None) -> tuple[User, Tokens]:
        """Trade a refresh token for the next pair; a second use ends the whole session.

        A program's token is good for that program (`client_id`) alone.
        """
        async with self._database.transaction(Scope()) as session:
            rotation = await self._rotate(session, token, client_id)
        if rotation.user is None or rotation.session_id is None:
            raise (rotation.refusal or InvalidRefreshToken)
        opened = Opened(rotation.session_id, rotation.refresh_token, rotation.program)
        return rotation.user, await self.tokens(rotation.user, opened)

    async def identify(self, access_token: str) -> tuple[User, Identity]:
        """The living person and session behind an access token."""
        if len(access_token) > MAX_TOKEN:
            raise InvalidToken
        for bearer in self.bearers:
            if bearer.knows(access_token):
                return await bearer.identify(access_token)
        claims = await self._keys.verify(access_token)
        try:
            user_id, session_id = UUID(claims["sub"]), UUID(claims["sid"])
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidToken from error

        async def load() -> tuple[User, Identity] | None:
            async with self._database.transaction(Scope()) as session:
                row = await store.live_user(session, user_id, session_id, now())
                login = None if row is None else await store.session_by_id(session, session_id)
            return None if row is None or login is None else (user_of(row), _identity(row, login))

        found = await self._cache.get(_cache_key(session_id), load)
        # What is remembered by the session alone must be of the person whom the token names, too.
        if found is None or found[0].id != user_id:
            raise InvalidToken
        return found

    async def end_program(self, token: str, client_id: str) -> None:
        """End the session of a program's refresh or access token; nobody else's."""
        ids: set[UUID] = set()
        with contextlib.suppress(InvalidToken, KeyError, ValueError):
            ids.add(UUID((await self._keys.verify(token))["sid"]))
        async with self._database.transaction(Scope()) as session:
            link = await store.token_for_update(session, digest_of(token))
            ids |= set() if link is None else {link.session_id}
            theirs = (SessionRow.id.in_(ids), SessionRow.client_id == client_id)
            await self._revoke(session, *theirs, reason="revoked")

    async def end_programs(self, session: Session, client_id: str, user_id: UUID | None) -> int:
        """End a program's sessions, of one person or (None) of everybody."""
        whose = SessionRow.user_id == user_id if user_id else SessionRow.user_id.is_not(None)
        return await self._revoke(
            session, SessionRow.client_id == client_id, whose, reason="revoked"
        )

    async def log_out(self, *, refresh_token: str | None, access_token: str | None) -> None:
        """End the session of either token; nothing happens for tokens of nobody."""
        ids: set[UUID] = set()
        if access_token is not None:
            with contextlib.suppress(InvalidToken):
                session_id = (await self.identify(access_token))[1].session_id
                ids |= set() if session_id is None else {session_id}
        async with self._database.transaction(Scope()) as session:
            if refresh_token is not None:
                link = await store.token_for_update(session, digest_of(refresh_token))
                ids |= set() if link is None else {link.session_id}
            for ended in await self._revoked(session, SessionRow.id.in_(ids), reason="logged_out"):
                await self._logged_out(session, ended)

    async def end(self, session: Session, user_id: UUID, session_id: UUID) -> bool:
        """End one of a person's sessions; False when it is not theirs or has ended."""
        mine = (SessionRow.user_id == user_id, SessionRow.id == session_id)
        return await self._revoke(session, *mine, reason="revoked") > 0

    async def end_all(
        self,
        session: Session,
        user_id: UUID,
        *,
        but: UUID | None = None,
        reason: str = "password_changed",
    ) -> int:
        """End a person's sessions, as after a change of password; `but` may go on.

        Those in which they act as somebody else end with them, and are not counted.
        """
        others = SessionRow.id != but if but is not None else SessionRow.id.is_not(None)
        await self.end_impersonations(session, user_id, reason=reason)
        return await self._revoke(session, SessionRow.user_id == user_id, others, reason=reason)

    async def end_impersonations(self, session: Session, admin: UUID, *, reason: str) -> int:
        """End the sessions in which this administrator acts as somebody else."""
        return await self._revoke(session, SessionRow.impersonator == admin, reason=reason)

    async def shut_everybody_out(
        self, session: Session, user_id: UUID, *, reason: str
    ) -> dict[str, int]:
        """End all that acts for a person by what was proved before; gives how many of each.

        For when somebody else may have had the account: sessions, half-finished logins, keys, and
        programs with what they were allowed, a new address that waits. Second factors stay: they
        guard the new password.
        """
        # Codes first: of one that is being traded just now, the session is seen and ended, too.
        clients = await issuing.delete_consents(session, user_id)
        await factors.delete_challenges(session, user_id)
        ended = await self.end_all(session, user_id, reason=reason)
        await letters.delete_unconfirmed_changes(session, user_id)
        keys = await programs.revoke_keys(session, user_id, now())
        for key in keys:
            await self._cache.forget(session, key_in_cache(key.hash))
            await note(
                session,
                Action.API_KEY_REVOKED,
                user_id,
                target=("api_key", key.id),
                name=key.name,
                reason=reason,
            )
        for client_id in clients:
            await note(
                session,
                Action.CONSENT_REVOKED,
                user_id,
                target=("client", None),
                client_id=client_id,
                reason=reason,
            )
        return {"sessions": ended, "keys": len(keys), "programs": len(clients)}

    async def forget_person(self, session: Session, user_id: UUID) -> None:
        """What is kept about a person changed (role, address, locked), so it is read anew."""
        for session_id in await history.session_ids(session, user_id):
            await self.forget(session, session_id)
        for digest in await programs.key_hashes(session, user_id):
            await self._cache.forget(session, key_in_cache(digest))

    async def forget(self, session: Session, session_id: UUID) -> None:
        """What is kept about this session's person changed."""
        await self._cache.forget(session, _cache_key(session_id))

    async def _rotate(self, session: Session, token: str, client_id: str | None) -> _Rotation:
        at = now()
        link = await store.token_for_update(session, digest_of(token))
        login = None if link is None else await store.session_by_id(session, link.session_id)
        if link is None or login is None or login.client_id != client_id:
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
            target = ("session", login.id)
            await note(session, Action.REFRESH_REUSED, login.user_id, target=target)
            return _Rotation(refusal=RefreshTokenReused)
        return _Rotation(user_of(user), login.id, following, program=_program(login))

    async def _is_race(
        self, session: Session, link: RefreshTokenRow, following: str, at: datetime
    ) -> bool:
        """Whether the same client merely asked twice: just now, and the answer is still unused."""
        if link.used_at is None or at - link.used_at > RACE_GRACE:
            return False
        child = await store.token_for_update(session, digest_of(following))
        return child is not None and child.used_at is None

    async def _revoke(self, session: Session, *conditions: object, reason: str) -> int:
        return len(await self._revoked(session, *conditions, reason=reason))

    async def _revoked(self, session: Session, *conditions: object, reason: str) -> Sequence[UUID]:
        ended = await store.revoke_sessions(session, *conditions, reason=reason, at=now())
        for session_id in ended:
            await self.forget(session, session_id)
        return ended

    async def _logged_out(self, session: Session, session_id: UUID) -> None:
        login = await store.session_by_id(session, session_id)
        if login is not None:
            target = ("session", session_id)
            await note(session, Action.LOGOUT, login.user_id, target=target, method=login.method)

    async def tokens(self, user: User, opened: Opened) -> Tokens:
        """The pair that goes with a session; a program's says whose it is and for what."""
        program = opened.program
        at = int(now().timestamp())
        access = int(self._lifetimes.access.total_seconds())
        signed = await self._keys.sign(
            {
                "sub": str(user.id),
                "sid": str(opened.session_id),
                "email": user.email,
                "email_verified": user.email_verified,
                "cognito:username": str(user.id),
                "iat": at,
                "exp": at + access,
                "jti": new_id().hex,
                **({} if program is None else program.claims),
            }
        )
        return Tokens(
            access_token=signed,
            expires_in=access,
            refresh_token=opened.refresh_token,
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


def login_of(
    user_id: UUID | None,
    client: Client,
    method: str,
    *,
    session_id: UUID | None = None,
) -> LoginRow:
    """A line of the log-in history: a success where it opened a session."""
    return LoginRow(
        id=new_id(),
        user_id=user_id,
        at=now(),
        outcome="failure" if session_id is None else "success",
        method=method,
        ip=client.ip,
        agent=client.agent and client.agent[:MAX_AGENT],
        session_id=session_id,
    )


def _identity(person: UserRow, login: SessionRow) -> Identity:
    """A program has no session of its own to manage accounts with: it never stands for a person."""
    program = _program(login)
    if program is None:
        return Identity(
            person.id,
            login.id,
            person.email,
            second_factor=login.second_factor,
            impersonator=login.impersonator,
        )
    return Identity(
        person.id,
        None,
        person.email,
        via="program",
        scopes=program.scopes,
        second_factor=login.second_factor,
    )


def _program(login: SessionRow) -> Program | None:
    if login.client_id is None:
        return None
    return Program(login.client_id, frozenset(login.scopes or ()))


def key_in_cache(digest: bytes) -> str:
    """Where the person behind a program's key is kept."""
    return f"api_key:{digest.hex()}"


def _cache_key(session_id: UUID) -> str:
    return f"session:{session_id}"
