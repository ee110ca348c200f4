"""Links that show one thing to whoever holds them, without an account.

A link opens a scope that holds its target and nothing else, so that the database itself shows no
more; what of it is shown is a projection that the room of the items makes on purpose.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from armarium.features.accounts import Passwords, Throttle, bucket
from armarium.features.spaces.errors import InvalidSharing, LinkLocked, NoSuchLink
from armarium.features.spaces.models import Link, NewLink
from armarium.features.spaces.policy import demand_editor, demand_member, demand_money
from armarium.features.spaces.service.invitations import token_hash
from armarium.features.spaces.store import links as store
from armarium.features.spaces.store import members as member_store
from armarium.features.spaces.tables import LinkRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http import Principal
from armarium.platform.http.addresses import address_group
from armarium.platform.secret import ServerSecret

MAX_DAYS = 365
MAX_LABEL, MAX_PASSWORD = 200, 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A living link and the sight that it gives."""

    link: Link
    scope: Scope
    key: str | None = None
    """What stands in for the password for an hour, in the addresses of pictures."""


class ShareLinks:
    """Makes, lists, revokes and opens links."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        throttle: Throttle,
        secret: ServerSecret,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self._secret = secret

    async def create(self, caller: Principal, new: NewLink) -> Link:
        """A link to something that the caller may see; its token is in the answer only.

        The caller's room has checked that the target exists.
        """
        demand_editor(caller)
        demand_member(caller)
        if new.with_prices:
            demand_money(caller)
        if not 1 <= new.days <= MAX_DAYS:
            raise InvalidSharing(f"From 1 to {MAX_DAYS} days.", pointer="/days")
        secret, at = secrets.token_urlsafe(32), now()
        hashed = None if new.password is None else await self._passwords.hash(new.password)
        row = LinkRow(
            space_id=caller.space_id,
            id=new_id(),
            token_hash=token_hash(secret),
            target=new.target,
            target_id=new.target_id,
            label=new.label.strip()[:MAX_LABEL],
            password_hash=hashed,
            with_prices=new.with_prices,
            views=0,
            last_viewed_at=None,
            created_by=caller.user_id,
            created_at=at,
            expires_at=at + timedelta(days=new.days),
            revoked_at=None,
        )
        async with self._database.transaction(caller.scope) as session:
            session.add(row)
            await session.flush()
            detail = {"target": new.target, "id": str(new.target_id), "days": new.days}
            await _record(session, caller, Action.SHARE_MADE, row, detail)
            if new.with_prices:
                await _record(session, caller, Action.SHARE_WITH_PRICES, row, detail)
        return store.link_of(row, token=secret)

    async def all(self, caller: Principal) -> list[Link]:
        """The links of the space that the caller acts in; a viewer made none and sees none."""
        demand_editor(caller)
        demand_member(caller)
        async with self._database.transaction(caller.scope) as session:
            return [store.link_of(row) for row in await store.of_space(session, caller.space_id)]

    async def revoke(self, caller: Principal, link_id: UUID) -> None:
        """The link stops working at once. Twice is once."""
        demand_editor(caller)
        demand_member(caller)
        async with self._database.transaction(caller.scope) as session:
            row = await store.link(session, caller.space_id, link_id)
            if row is None:
                raise NoSuchLink
            if row.revoked_at is None:
                row.revoked_at = now()
                await session.flush()
                await _record(session, caller, Action.SHARE_REVOKED, row, {"target": row.target})

    async def open(
        self, token: str, *, password: str | None = None, key: str | None = None, ip: str | None
    ) -> Opened:
        """What a token shows; `key` is what an earlier answer gave in place of the password.

        Raises:
            NoSuchLink: unknown, revoked, expired, or of a space in the trash; which, nobody learns.
            LinkLocked: the password is missing or wrong.
            TooManyAttempts: after wrong passwords.
        """
        digest = token_hash(token)
        async with self._database.transaction(Scope(link=digest)) as session:
            row = await store.living(session, digest, now())
        if row is None:
            raise NoSuchLink
        scope = _scope(row)
        async with self._database.transaction(scope) as session:
            space = await member_store.space(session, row.space_id)
        if space is None or space.deleted_at is not None:
            raise NoSuchLink
        if row.password_hash is None:
            return Opened(store.link_of(row), scope)
        if not (key and self._fits(row, key)):
            await self._check(row, password, ip)
        return Opened(store.link_of(row), scope, self._key(row, _hour()))

    async def count(self, opened: Opened) -> None:
        """One more look at the link."""
        digest = opened.scope.link
        if digest is not None:
            async with self._database.transaction(Scope(link=digest)) as session:
                await store.count_view(session, digest, now())

    def _key(self, row: LinkRow, hour: int) -> str:
        """Of this link, this password and this hour; a new password ends the older ones."""
        said = f"{row.id}\n{row.password_hash}\n{hour}".encode()
        mac = hmac.new(self._secret.derive("share-keys"), said, hashlib.sha256)
        return mac.hexdigest()

    def _fits(self, row: LinkRow, key: str) -> bool:
        hours = (_hour(), _hour() - 1)
        return any(hmac.compare_digest(self._key(row, hour), key[:100]) for hour in hours)

    async def _check(self, row: LinkRow, password: str | None, ip: str | None) -> None:
        if not password:
            raise LinkLocked
        buckets = (
            bucket(5, "share", str(row.id), address_group(ip)),
            bucket(50, "share", str(row.id)),
        )
        await self._throttle.check(buckets)
        fits, _ = await self._passwords.verify(password[:MAX_PASSWORD], row.password_hash)
        if not fits:
            await self._throttle.count(buckets)
            raise LinkLocked("The password is wrong.")


def _hour() -> int:
    return int(now().timestamp()) // 3600


def _scope(row: LinkRow) -> Scope:
    """A guest's sight of the target; of a whole space, what all its members see."""
    money = (row.space_id,) if row.with_prices else ()
    if row.target == "space":
        return Scope(spaces=(row.space_id,), writable=(), money=money, link=row.token_hash)
    return Scope(
        guest=row.space_id,
        writable=(),
        money=money,
        link=row.token_hash,
        collections=(row.target_id,) if row.target == "collection" else (),
        item=row.target_id if row.target == "item" else None,
    )


async def _record(
    session: Session, caller: Principal, action: Action, row: LinkRow, detail: Mapping[str, object]
) -> None:
    entry = AuditEntry(
        action=action,
        actor=caller.user_id,
        impersonator=caller.impersonator,
        space_id=row.space_id,
        target_type="share",
        target_id=row.id,
        detail=detail,
    )
    await record(session, entry)
