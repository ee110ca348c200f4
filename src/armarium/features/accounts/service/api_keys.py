"""Keys of programs: made once, shown once, known by a hash; narrower than their person."""

import secrets
import time
import zlib
from collections import OrderedDict
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import InvalidScope, InvalidToken, TooManyKeys
from armarium.features.accounts.models import ApiKey, Identity, User
from armarium.features.accounts.service.onetime import digest_of
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import key_in_cache
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import factors, programs
from armarium.features.accounts.tables import ApiKeyRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, current_origin
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope
from armarium.platform.errors import NotFound

PREFIX = "arm_"
RANDOM_LETTERS = 32
CHECK_LETTERS = 6
SHOWN_LETTERS = 8
MOST_KEYS = 50
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NOTED_EVERY = timedelta(minutes=1)
REMEMBERED = 1000


class ApiKeys:
    """Makes, lists and revokes keys, and tells who comes with one."""

    def __init__(self, *, database: Database, cache: Cache, scopes: Collection[str]) -> None:
        """`scopes` are those that a key may have."""
        self._database = database
        self._cache = cache
        self._scopes = frozenset(scopes)
        self._noted: OrderedDict[UUID, float] = OrderedDict()

    async def create(
        self,
        user_id: UUID,
        session_id: UUID | None,
        *,
        name: str,
        scopes: Collection[str],
        lifetime: timedelta | None,
    ) -> tuple[ApiKey, str]:
        """A key and its secret, which is shown this once; `session_id` is the login that asks."""
        wanted = sorted(set(scopes))
        for scope in wanted:
            if scope not in self._scopes:
                raise InvalidScope(f"There is no scope {scope!r}.", pointer="/scopes")
        secret, at = new_key(), now()
        row = ApiKeyRow(
            id=new_id(),
            user_id=user_id,
            hash=digest_of(secret),
            prefix=secret[: len(PREFIX) + SHOWN_LETTERS],
            name=name,
            scopes=wanted,
            created_at=at,
            expires_at=None if lifetime is None else at + lifetime,
            revoked_at=None,
            last_used_at=None,
            last_used_ip=None,
        )
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            # Held, so that two at once are counted and no key outlives a reset in this moment.
            await store.user_by_id(session, user_id, lock=True)
            login = session_id and await store.session_by_id(session, session_id)
            if not login or login.revoked_at is not None:
                raise InvalidToken
            if await programs.count_keys(session, user_id) >= MOST_KEYS:
                raise TooManyKeys
            session.add(row)
            await session.flush()
            target = ("api_key", row.id)
            await note(
                session,
                Action.API_KEY_MADE,
                user_id,
                target=target,
                name=name,
                scopes=frozenset(wanted),
            )
        return _key(row), secret

    async def list(self, user_id: UUID) -> list[ApiKey]:
        """Newest first; without the revoked."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            return [_key(row) for row in await programs.living_keys(session, user_id)]

    async def revoke(self, user_id: UUID, key_id: UUID) -> None:
        """It stops working everywhere at once."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            row = await programs.revoke_key(session, user_id, key_id, now())
            if row is None:
                raise NotFound
            await self._cache.forget(session, key_in_cache(row.hash))
            target = ("api_key", key_id)
            await note(session, Action.API_KEY_REVOKED, user_id, target=target, name=row.name)

    def knows(self, token: str) -> bool:
        """Whether it looks like a key."""
        return token.startswith(PREFIX)

    async def identify(self, token: str) -> tuple[User, Identity]:
        """The living person behind a living key."""
        if not is_well_formed(token):
            raise InvalidToken
        digest = digest_of(token)

        async def load() -> tuple[User, Identity] | None:
            async with self._database.transaction(Scope()) as session:
                found = await programs.key_and_person(session, digest, now())
                if found is None:
                    return None
                key, person = found
                totp, passkeys, _ = await factors.counts(session, person.id)
            identity = Identity(
                person.id,
                None,
                person.email,
                via="api_key",
                scopes=frozenset(key.scopes),
                second_factor=totp or passkeys > 0,
                key_id=key.id,
                expires_at=key.expires_at,
            )
            return user_of(person), identity

        found = await self._cache.get(key_in_cache(digest), load)
        if found is None:
            raise InvalidToken
        user, identity = found
        if identity.expires_at is not None and identity.expires_at <= now():
            raise InvalidToken
        await self._note_use(identity.key_id)
        return user, identity

    async def _note_use(self, key_id: UUID | None) -> None:
        """At most one write a minute and process for each key."""
        if key_id is None:
            return
        at = time.monotonic()
        if at - self._noted.get(key_id, float("-inf")) < NOTED_EVERY.total_seconds():
            return
        self._noted[key_id] = at
        self._noted.move_to_end(key_id)
        while len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        moment = now()
        async with self._database.transaction(Scope()) as session:
            await programs.touch_key(
                session, key_id, moment, moment - NOTED_EVERY, current_origin().ip
            )


def new_key() -> str:
    """`arm_`, 190 random bits, and a check sum that tells a typing error from a wrong key."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    return f"{PREFIX}{body}{_check(body)}"


def is_well_formed(key: str) -> bool:
    """Whether prefix, length, letters and check sum are right; secret scanners ask the same."""
    body, check = key[len(PREFIX) : -CHECK_LETTERS], key[-CHECK_LETTERS:]
    return (
        key.startswith(PREFIX)
        and len(key) == len(PREFIX) + RANDOM_LETTERS + CHECK_LETTERS
        and key.isascii()
        and secrets.compare_digest(_check(body), check)
    )


def _check(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        last_used_ip=row.last_used_ip,
    )
