"""Sealing and opening by AES-256-GCM, which vouches for space, purpose and row too."""

import os
import struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.kit.instants import now
from armarium.platform.secret import ServerSecret, WrappingKey
from armarium.platform.vault.tables import SpaceKeyRow

FORMAT = 1
HEADER = struct.Struct(">BI")
NONCE_BYTES = 12
KEY_BYTES = 32
PURPOSE = "space-keys"


class CannotOpen(Exception):
    """The key is gone, or the bytes are not what was sealed here."""


class Vault:
    """Joins the caller's transaction, whose scope must hold the space."""

    def __init__(self, *, secret: ServerSecret) -> None:
        self._secret = secret

    async def seal(
        self, session: AsyncSession, space_id: UUID, purpose: str, row_id: UUID, plain: bytes
    ) -> bytes:
        """Bytes that only `open` with the same space, purpose and row makes readable."""
        generation, key = await self._newest(session, space_id)
        header, nonce = HEADER.pack(FORMAT, generation), os.urandom(NONCE_BYTES)
        bound = _bound(header, space_id, purpose, row_id)
        return header + nonce + AESGCM(key).encrypt(nonce, plain, bound)

    async def open(
        self, session: AsyncSession, space_id: UUID, purpose: str, row_id: UUID, sealed: bytes
    ) -> bytes:
        """What was sealed.

        Raises:
            CannotOpen: another space's, purpose's or row's bytes; changed ones; a key that is gone.
        """
        if len(sealed) < HEADER.size + NONCE_BYTES or sealed[0] != FORMAT:
            raise CannotOpen("these are not sealed bytes")
        header, rest = sealed[: HEADER.size], sealed[HEADER.size :]
        row = await session.get(SpaceKeyRow, (space_id, generation_of(sealed)))
        if row is None:
            raise CannotOpen("the key of this space is gone")
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            bound = _bound(header, space_id, purpose, row_id)
            return AESGCM(self.unwrap(row)).decrypt(nonce, body, bound)
        except InvalidTag as error:
            raise CannotOpen("the bytes were changed, or belong elsewhere") from error

    async def renew(self, session: AsyncSession, space_id: UUID) -> int:
        """A new generation that seals from now on; what older ones sealed still opens."""
        newest = await _lock_and_find(session, space_id)
        return await self._make(session, space_id, 1 if newest is None else newest.generation + 1)

    async def generation(self, session: AsyncSession, space_id: UUID) -> int:
        """Which generation seals now; 0 before the first."""
        row = await newest_key(session, space_id)
        return 0 if row is None else row.generation

    def unwrap(self, row: SpaceKeyRow) -> bytes:
        """The data key itself."""
        known = self._wrapping(row.server_key)
        if known is None and self._secret.reload():
            known = self._wrapping(row.server_key)
        if known is None:
            raise CannotOpen(f"the server's secret {row.server_key} is not at hand")
        nonce, body = row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:]
        try:
            return AESGCM(known.key).decrypt(nonce, body, _wrapper_bound(row))
        except InvalidTag as error:
            raise CannotOpen("the stored key was changed") from error

    def rewrap(self, row: SpaceKeyRow) -> bool:
        """Wrap it under the server's secret of today; False when it is."""
        today = self._secret.wrapping_keys(PURPOSE)[0]
        if row.server_key == today.name:
            return False
        row.wrapped, row.server_key = self._wrap(row, self.unwrap(row), today), today.name
        return True

    @property
    def server_key(self) -> str:
        """The name of the secret that wraps keys today."""
        return self._secret.wrapping_keys(PURPOSE)[0].name

    def _wrapping(self, name: str) -> WrappingKey | None:
        found = self._secret.wrapping_keys(PURPOSE)
        return next((each for each in found if each.name == name), None)

    async def _newest(self, session: AsyncSession, space_id: UUID) -> tuple[int, bytes]:
        """What seals, held so that it is not destroyed before the caller's transaction ends."""
        row = await newest_key(session, space_id, held=True)
        if row is None:
            # The first of this space, or one that was destroyed while it was waited for.
            if await _lock_and_find(session, space_id) is None:
                await self._make(session, space_id, 1)
            row = await newest_key(session, space_id, held=True)
        if row is None:
            raise CannotOpen("no key could be made")
        return row.generation, self.unwrap(row)

    async def _make(self, session: AsyncSession, space_id: UUID, generation: int) -> int:
        today = self._secret.wrapping_keys(PURPOSE)[0]
        row = SpaceKeyRow(
            space_id=space_id, generation=generation, server_key=today.name, created_at=now()
        )
        row.wrapped = self._wrap(row, os.urandom(KEY_BYTES), today)
        session.add(row)
        await session.flush()
        return generation

    def _wrap(self, row: SpaceKeyRow, key: bytes, under: WrappingKey) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(under.key).encrypt(nonce, key, _wrapper_bound(row))


async def newest_key(
    session: AsyncSession, space_id: UUID, *, held: bool = False
) -> SpaceKeyRow | None:
    """The generation that seals; `held` keeps others from destroying it meanwhile."""
    newest = (
        select(SpaceKeyRow)
        .where(SpaceKeyRow.space_id == space_id)
        .order_by(SpaceKeyRow.generation.desc())
        .limit(1)
    )
    return await session.scalar(
        newest.with_for_update(read=True, key_share=True) if held else newest
    )


async def _lock_and_find(session: AsyncSession, space_id: UUID) -> SpaceKeyRow | None:
    """Of two writers at once the first makes the key."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"key:{space_id}"))))
    return await newest_key(session, space_id)


def generation_of(sealed: bytes) -> int:
    """Which generation of the space's key sealed these bytes."""
    return int(HEADER.unpack(sealed[: HEADER.size])[1])


def _bound(header: bytes, space_id: UUID, purpose: str, row_id: UUID) -> bytes:
    return b"\0".join((header, space_id.bytes, purpose.encode(), row_id.bytes))


def _wrapper_bound(row: SpaceKeyRow) -> bytes:
    return b"\0".join((b"space-key", row.space_id.bytes, str(row.generation).encode()))


AS_ADMIN = text("select set_config('arm.admin', 'on', true)")
"""The reader sees every space's row, for this transaction."""
