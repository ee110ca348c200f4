"""A fresh proof that it is still the same person, before what could cost them the account."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    ProofRequired,
    SessionRequired,
    WrongPassword,
    WrongSecondFactor,
)
from armarium.features.accounts.models import Client, FactorProof, Site, User
from armarium.features.accounts.policy import MAX_COMPARED
from armarium.features.accounts.service import challenges
from armarium.features.accounts.service.factors import Factors
from armarium.features.accounts.service.logins import Logins
from armarium.features.accounts.service.passkeys import NONCE_BYTES, Passkeys
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.throttle import (
    Lock,
    Throttle,
    factor_buckets,
    login_buckets,
)
from armarium.features.accounts.store import history
from armarium.kit.emails import email_key
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.http.addresses import address_group

FRESH = timedelta(minutes=10)
PROOF = "proof"


class Proofs:
    """Asks again who is there; a login counts as a proof for ten minutes."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        throttle: Throttle,
        sessions: Sessions,
        factors: Factors,
        passkeys: Passkeys,
        logins: Logins,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self._sessions = sessions
        self._factors = factors
        self._passkeys = passkeys
        self._logins = logins

    async def demand(self, session_id: UUID | None) -> None:
        """Refuse unless this session was proved a moment ago; every sensitive act asks here."""
        if session_id is None:
            raise SessionRequired
        async with self._database.transaction(Scope()) as session:
            row = await store.session_by_id(session, session_id)
        if row is None or row.proved_at is None or now() - row.proved_at > FRESH:
            raise ProofRequired

    async def options(self, user_id: UUID, site: Site) -> tuple[str, dict[str, Any]]:
        """(challenge, request options) for a proof by passkey."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        async with self._database.transaction(Scope()) as session:
            token = await challenges.begin(session, PROOF, user_id=user_id, nonce=nonce)
            return token, await self._passkeys.options(session, user_id, nonce, site)

    async def prove(
        self,
        user: User,
        session_id: UUID | None,
        *,
        password: str | None,
        proof: FactorProof,
        challenge: str | None,
        client: Client,
        site: Site | None,
    ) -> None:
        """Take a password where it is all that there is; otherwise a second factor.

        A passkey that verifies its person stands alone. A code, or a passkey that does not, needs
        the password beside it, unless there is none. Where no factor is on, whatever is offered as
        one counts for nothing.
        """
        if session_id is None:
            raise SessionRequired
        status = await self._factors.status(user)
        alone = status.is_on and proof.is_passkey and password is None
        if not alone:
            await self._check_password(user, password, client)
        if status.is_on:
            await self._check_factor(user.id, proof, challenge, site, alone=alone)
        async with self._database.transaction(Scope()) as session:
            await history.mark_proved(session, session_id, now(), second_factor=status.is_on)
            await self._sessions.forget(session, session_id)

    async def _check_password(self, user: User, password: str | None, client: Client) -> None:
        async with self._database.transaction(Scope()) as session:
            row = await store.user_by_id(session, user.id)
        stored = None if row is None else row.password_hash
        if row is not None and stored is None and (await self._factors.status(user)).is_on:
            return
        buckets = login_buckets(client.ip, email_key(user.email))
        await self._throttle.check(buckets)
        given = (password or "")[:MAX_COMPARED]
        fits, _ = await self._passwords.verify(given, stored, place=address_group(client.ip))
        if not fits:
            await self._throttle.count(buckets, Lock("password", user.id))
            raise WrongPassword(pointer="/password")

    async def _check_factor(
        self,
        user_id: UUID,
        proof: FactorProof,
        challenge: str | None,
        site: Site | None,
        *,
        alone: bool,
    ) -> None:
        buckets = factor_buckets(user_id)
        is_last = await self._throttle.take(buckets)
        nonce: bytes | None = None
        async with self._database.transaction(Scope()) as session:
            if proof.passkey is not None and challenge is not None:
                begun = await challenges.find(session, challenge, PROOF)
                nonce = begun.nonce if begun.user_id == user_id else None
                await session.delete(begun)
            method = await self._logins.proves(session, user_id, proof, nonce, site, alone=alone)
        if method is None:
            if is_last:
                await self._throttle.locked(Lock("second_factor", user_id))
            raise WrongSecondFactor
        await self._throttle.succeeded(buckets)
