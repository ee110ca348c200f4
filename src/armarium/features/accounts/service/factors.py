"""Second factors: codes from an app (RFC 6238), recovery codes, and who must have one."""

import contextlib
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import segno
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pyotp import random_base32
from pyotp.totp import TOTP

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    SecondFactorNeeded,
    TotpAlreadyOn,
    WrongCode,
)
from armarium.features.accounts.models import FactorStatus, User
from armarium.features.accounts.policy import SecondFactorRule, needs_second_factor
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.throttle import Lock, Throttle, factor_buckets
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import factors, history
from armarium.features.accounts.tables import RecoveryCodeRow, TotpRow
from armarium.kit.emails import email_key
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.secret import ServerSecret

ISSUER = "Armarium"
STEP_SECONDS = 30
STEPS_APART = 1
"""A clock may be half a minute off, either way."""
CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is read wrongly: 0 and o, 1, i and l."""
CODE_LETTERS = 12
UNCONFIRMED: Final = timedelta(hours=1)
WRAPPING = {"alg": "dir", "enc": "A256GCM"}


class Factors:
    """What a person proves beside the password.

    Who adds or takes a factor holds the person first: two at once would each count the other's.
    """

    def __init__(
        self,
        *,
        database: Database,
        secret: ServerSecret,
        sessions: Sessions,
        letters: Letters,
        throttle: Throttle,
        rule: SecondFactorRule = "nobody",
    ) -> None:
        """`rule` says who must have one."""
        self._database = database
        self._secret = secret
        self._sessions = sessions
        self._letters = letters
        self._throttle = throttle
        self._rule: SecondFactorRule = rule

    def is_missing(self, role: str, *, proved: bool) -> bool:
        """Whether somebody of this role, whose login was `proved` so, must first set one up."""
        return not proved and needs_second_factor(self._rule, role)

    async def status(self, user: User) -> FactorStatus:
        """Which factors somebody has, and whether they must have one."""
        async with self._database.transaction(Scope()) as session:
            return await self.status_in(session, user.id, user.role)

    async def status_in(self, session: Session, user_id: UUID, role: str) -> FactorStatus:
        """The same, in the caller's transaction."""
        totp, passkeys, left = await factors.counts(session, user_id)
        return FactorStatus(totp, passkeys, left, needs_second_factor(self._rule, role))

    async def begin_totp(self, user: User) -> tuple[str, str, str]:
        """A new shared secret as (base 32, otpauth URI, QR code as SVG); not on before a code."""
        shared = random_base32()
        async with self._database.transaction(Scope()) as session:
            await store.user_by_id(session, user.id, lock=True)
            row = await factors.totp(session, user.id, lock=True)
            if row is not None and row.confirmed_at is not None:
                raise TotpAlreadyOn
            if row is None:
                row = TotpRow(user_id=user.id)
                session.add(row)
            row.secret_jwe = jwe.encrypt_compact(WRAPPING, shared, self._wrapping())
            row.created_at = now()
            row.confirmed_at = None
            row.last_step = None
        uri = TOTP(shared).provisioning_uri(name=user.email, issuer_name=ISSUER)
        drawing = segno.make(uri, error="m").svg_inline(scale=4, border=2)
        return shared, uri, drawing

    async def confirm_totp(
        self, user: User, code: str, session_id: UUID | None
    ) -> list[str] | None:
        """Turn codes on by the first one; gives recovery codes when they are new."""
        await self._throttle.check(factor_buckets(user.id))
        async with self._database.transaction(Scope()) as session:
            await store.user_by_id(session, user.id, lock=True)
            row = await factors.totp(session, user.id, lock=True)
            if row is None or now() - row.created_at > UNCONFIRMED:
                raise NotFound
            if row.confirmed_at is not None:
                raise TotpAlreadyOn
            if self._fits(row, code):
                row.confirmed_at = now()
                await session.flush()
                return await self.added(session, user.id, session_id, kind="totp")
        await self._throttle.count(factor_buckets(user.id), Lock("second_factor", user.id))
        raise WrongCode(pointer="/code")

    async def remove_totp(self, user: User) -> None:
        """Turn codes off."""
        async with self._database.transaction(Scope()) as session:
            await store.user_by_id(session, user.id, lock=True)
            row = await factors.totp(session, user.id, lock=True)
            if row is None:
                raise NotFound
            await factors.delete_totp(session, user.id)
            if row.confirmed_at is not None:
                await self.removed(session, user, kind="totp")

    async def remove_all(self, email: str) -> int:
        """Take every factor from somebody who lost them, as whoever runs the machine."""
        async with self._database.transaction(Scope()) as session:
            person = await store.user_by_key(session, email_key(email))
            if person is None:
                raise NotFound
            totp, passkeys, _ = await factors.counts(session, person.id)
            await factors.delete_all(session, person.id)
            await self._sessions.end_all(session, person.id, reason="second_factor_reset")
            await self._letters.later(session, "second_factor_removed", user_id=person.id)
            await note(session, Action.SECOND_FACTOR_REMOVED, person.id, by="operator")
        return int(totp) + passkeys

    async def renew_codes(self, user: User) -> list[str]:
        """Ten new recovery codes; the old ones stop working."""
        async with self._database.transaction(Scope()) as session:
            if not (await self.status_in(session, user.id, user.role)).is_on:
                raise NotFound
            return await self._make_codes(session, user.id)

    async def added(
        self, session: Session, user_id: UUID, session_id: UUID | None, *, kind: str
    ) -> list[str] | None:
        """A factor was set up: this session has proved it, the others begin again.

        Gives recovery codes where there are none yet.
        """
        if session_id is not None:
            await history.mark_proved(session, session_id, now(), second_factor=True)
            await self._sessions.forget(session, session_id)
        totp, passkeys, left = await factors.counts(session, user_id)
        if int(totp) + passkeys == 1:
            await self._sessions.end_all(
                session, user_id, but=session_id, reason="second_factor_added"
            )
        await self._letters.later(session, "second_factor_added", user_id=user_id)
        await note(session, Action.SECOND_FACTOR_ADDED, user_id, kind=kind)
        return await self._make_codes(session, user_id) if left == 0 else None

    async def removed(self, session: Session, user: User, *, kind: str) -> None:
        """A factor is gone; recovery codes go with the last one."""
        status = await self.status_in(session, user.id, user.role)
        if not status.is_on:
            if status.required:
                raise SecondFactorNeeded
            await factors.delete_recovery_codes(session, user.id)
        await self._letters.later(session, "second_factor_removed", user_id=user.id)
        await note(session, Action.SECOND_FACTOR_REMOVED, user.id, kind=kind)

    async def check_code(self, session: Session, user_id: UUID, code: str) -> bool:
        """Whether the app shows this code now; each counts once.

        Whoever comes with one that was used has seen it: its person is told.
        """
        row = await factors.totp(session, user_id, lock=True)
        if row is None or row.confirmed_at is None:
            return False
        if self._fits(row, code):
            return True
        if self._steps(row, code):
            await self._letters.later(session, "code_reused", user_id=user_id)
        return False

    async def check_recovery_code(self, session: Session, user_id: UUID, code: str) -> bool:
        """Spend a recovery code, and tell its person."""
        for digest in self._digests(user_id, code):
            if await factors.use_recovery_code(session, user_id, digest, now()):
                break
        else:
            return False
        await self._letters.later(session, "recovery_code_used", user_id=user_id)
        await note(session, Action.RECOVERY_CODE_USED, user_id)
        return True

    async def _make_codes(self, session: Session, user_id: UUID) -> list[str]:
        await factors.delete_recovery_codes(session, user_id)
        codes = [_recovery_code() for _ in range(CODES)]
        session.add_all(
            RecoveryCodeRow(
                hash=self._digest(user_id, code), user_id=user_id, created_at=now(), used_at=None
            )
            for code in codes
        )
        await session.flush()
        await note(session, Action.RECOVERY_CODES_MADE, user_id)
        return codes

    def _fits(self, row: TotpRow, code: str) -> bool:
        """Compare with the codes around now, none of them used before; then it is used."""
        unused = [
            step for step in self._steps(row, code) if row.last_step is None or step > row.last_step
        ]
        if unused:
            row.last_step = max(unused)
        return bool(unused)

    def _steps(self, row: TotpRow, code: str) -> list[int]:
        """Those around now of which this is the code."""
        given = "".join(code.split()).encode()
        shared = self._opened(row.secret_jwe)
        if not shared:  # Sealed under a server's secret that is lost: no code fits.
            return []
        totp = TOTP(shared.decode())
        current = int(now().timestamp()) // STEP_SECONDS
        return [
            step
            for step in range(current - STEPS_APART, current + STEPS_APART + 1)
            if hmac.compare_digest(totp.generate_otp(step).encode(), given)
        ]

    def _digest(self, user_id: UUID, code: str) -> bytes:
        """What is kept of a new code."""
        return self._digests(user_id, code)[0]

    def _digests(self, user_id: UUID, code: str) -> tuple[bytes, ...]:
        """By the server's secret of today, then by older ones that are still at hand."""
        plain = "".join(char for char in code.lower() if char.isalnum())
        return tuple(
            hmac.new(key, user_id.bytes + plain.encode(), hashlib.sha256).digest()
            for key in self._secret.derive_all("recovery-codes")
        )

    def _opened(self, sealed: str) -> bytes:
        """What the server's secret of today wrapped, or an older one that is still at hand."""
        for key in self._secret.derive_all("totp"):
            with contextlib.suppress(JoseError):
                return jwe.decrypt_compact(sealed, OctKey.import_key(key)).plaintext or b""
        return b""

    def _wrapping(self) -> OctKey:
        return OctKey.import_key(self._secret.derive("totp"))


def _recovery_code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, CODE_LETTERS, 4))
