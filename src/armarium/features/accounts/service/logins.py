"""Logging in: a password, then perhaps a second factor; or a passkey alone."""

import secrets
from typing import Any
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    EmailNotVerified,
    InvalidPasskey,
    LoginExpired,
    SecondFactorRequired,
    WrongCredentials,
    WrongSecondFactor,
)
from armarium.features.accounts.models import Client, FactorProof, FactorStatus, Site, Tokens, User
from armarium.features.accounts.policy import MAX_COMPARED
from armarium.features.accounts.service import challenges
from armarium.features.accounts.service.factors import Factors
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.passkeys import NONCE_BYTES, Passkeys
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.recovery import Recovery
from armarium.features.accounts.service.sessions import Sessions, login_of
from armarium.features.accounts.service.throttle import (
    Lock,
    Throttle,
    factor_buckets,
    login_buckets,
    mailbox_buckets,
)
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import history
from armarium.kit.emails import email_key
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http.addresses import address_group

SECOND = "login"
ALONE = "passkey_login"


class Logins:
    """Opens a session for whoever proves who they are."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        throttle: Throttle,
        sessions: Sessions,
        factors: Factors,
        passkeys: Passkeys,
        recovery: Recovery,
        letters: Letters,
        must_verify: bool = False,
    ) -> None:
        """`must_verify` keeps people out whose address is not proved."""
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self._sessions = sessions
        self._factors = factors
        self._passkeys = passkeys
        self._recovery = recovery
        self._letters = letters
        self._must_verify = must_verify

    async def log_in(self, email: str, password: str, client: Client) -> Tokens:
        """Check the password and open a session.

        Raises:
            SecondFactorRequired: the password is right; its `challenge` goes to `second_factor`.
        """
        mailbox = email_key(email)
        await self._passwords.refuse_if_full(address_group(client.ip))
        buckets = login_buckets(client.ip, mailbox)
        await self._throttle.check(buckets)
        async with self._database.transaction(Scope()) as session:
            row = await store.user_by_key(session, mailbox)
            is_known = await history.was_here(session, row and row.id, client.ip)
        stored = None if row is None or row.disabled_at else row.password_hash
        fits, rehashed = await self._passwords.verify(
            password[:MAX_COMPARED], stored, place=address_group(client.ip), is_known=is_known
        )
        if row is None or stored is None or not fits:
            whose = None if row is None else row.id
            await self._throttle.count(buckets, Lock("password", whose))
            await self._failed(whose, client, "password")
            raise WrongCredentials
        await self._throttle.succeeded(buckets)
        if rehashed is not None:
            async with self._database.transaction(Scope()) as session:
                if await store.replace_hash(session, row.id, stored, rehashed):
                    stored = rehashed
        user = user_of(row)
        if self._must_verify and user.needs_proof:
            await self._recovery.remind(row.id)
            raise EmailNotVerified
        return await self.vouched(user, client, method="password", proved=stored)

    async def vouched(
        self,
        user: User,
        client: Client,
        *,
        method: str,
        second_factor: bool = False,
        proved: str | None = None,
    ) -> Tokens:
        """Open a session for somebody whose first factor was right, here or at a provider.

        `proved` is the stored hash of the password that was right.

        Raises:
            SecondFactorRequired: they have a second one and did not prove it there.
        """
        if not second_factor:
            await self._ask_for_more(user, method, proved)
        return await self._open(
            user, client, method=method, second_factor=second_factor, proved=proved
        )

    async def _open(
        self,
        user: User,
        client: Client,
        *,
        method: str,
        second_factor: bool,
        proved: str | None = None,
    ) -> Tokens:
        """Begin the session; a login from a place that is new with this person is told by letter.

        Not the first login of all, and not more letters an hour than a mailbox bears.
        """
        place, mailbox = address_group(client.ip), mailbox_buckets("new_login", str(user.id))
        async with self._database.transaction(Scope()) as session:
            known = {address_group(ip) for ip in await history.places(session, user.id)}
        is_new = bool(known) and place not in known and await self._throttle.wait(mailbox) <= 0
        if is_new:
            await self._throttle.count(mailbox)
        async with self._database.transaction(Scope()) as session:
            await _demand_unchanged(session, user.id, proved)
            opened = await self._sessions.begin(
                session, user, client, method=method, second_factor=second_factor
            )
            if is_new:
                await self._letters.later(
                    session, "new_login", user_id=user.id, subject_id=opened.session_id
                )
        return await self._sessions.tokens(user, opened)

    async def second_factor(
        self, challenge: str, proof: FactorProof, client: Client, site: Site | None
    ) -> Tokens:
        """Finish a login whose password was right."""
        async with self._database.transaction(Scope()) as session:
            begun = await challenges.find(session, challenge, SECOND)
            if begun.user_id is None:
                raise LoginExpired
            user_id = begun.user_id
        buckets = factor_buckets(user_id)
        is_last = await self._throttle.take(buckets)
        async with self._database.transaction(Scope()) as session:
            begun = await challenges.find(session, challenge, SECOND)
            method = await self.proves(session, user_id, proof, begun.nonce, site)
            if method is None:
                begun.failures += 1
            else:
                await session.delete(begun)
            row = await store.user_by_id(session, user_id)
        if row is None or row.disabled_at is not None:
            raise LoginExpired
        if method is None:
            if is_last:
                await self._throttle.locked(Lock("second_factor", user_id))
            await self._failed(user_id, client, "second_factor")
            raise WrongSecondFactor
        await self._throttle.succeeded(buckets)
        return await self._open(
            user_of(row),
            client,
            method=f"{begun.method}+{method}",
            second_factor=True,
            proved=row.password_hash,
        )

    async def proves(
        self,
        session: Session,
        user_id: UUID,
        proof: FactorProof,
        nonce: bytes | None,
        site: Site | None,
        *,
        alone: bool = False,
    ) -> str | None:
        """By which of a person's factors `proof` is right; None when by none.

        `alone` says that no password was asked for beside it.
        """
        if proof.code is not None:
            return "totp" if await self._factors.check_code(session, user_id, proof.code) else None
        if proof.recovery_code is not None:
            spent = await self._factors.check_recovery_code(session, user_id, proof.recovery_code)
            return "recovery_code" if spent else None
        if proof.passkey is None or nonce is None or site is None:
            return None
        found = await self._passkeys.check(
            session, proof.passkey, nonce, site, user_id=user_id, alone=alone
        )
        return None if found is None else "passkey"

    async def passkey_options(
        self, challenge: str | None, site: Site
    ) -> tuple[str, dict[str, Any]]:
        """(challenge, request options): to finish that login, or to log in without a password."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        async with self._database.transaction(Scope()) as session:
            if challenge is None:
                token = await challenges.begin(session, ALONE, nonce=nonce)
                return token, await self._passkeys.options(session, None, nonce, site)
            begun = await challenges.find(session, challenge, SECOND)
            begun.nonce = nonce
            options = await self._passkeys.options(session, begun.user_id, nonce, site)
        return challenge, options

    async def passkey(
        self, challenge: str, credential: dict[str, Any], client: Client, site: Site
    ) -> Tokens:
        """Log in by a passkey alone, which has verified its person itself."""
        buckets = login_buckets(client.ip, "passkey")
        await self._throttle.check(buckets)
        async with self._database.transaction(Scope()) as session:
            begun = await challenges.find(session, challenge, ALONE)
            await session.delete(begun)
            nonce = begun.nonce or b""
            user = await self._passkeys.check(
                session, credential, nonce, site, user_id=None, alone=True
            )
        if user is None:
            await self._throttle.count(buckets, Lock("passkey", None))
            await self._failed(None, client, "passkey")
            raise InvalidPasskey(pointer="/passkey")
        if self._must_verify and user.needs_proof:
            await self._recovery.remind(user.id)
            raise EmailNotVerified
        return await self._open(user, client, method="passkey", second_factor=True)

    async def _ask_for_more(self, user: User, method: str, proved: str | None) -> None:
        """Stop here when the person has a second factor."""
        async with self._database.transaction(Scope()) as session:
            status = await self._factors.status_in(session, user.id, user.role)
            if not status.is_on:
                return
            await _demand_unchanged(session, user.id, proved)
            token = await challenges.begin(session, SECOND, user_id=user.id, method=method)
        raise SecondFactorRequired(
            challenge=token,
            methods=methods_of(status),
            expires_in=int(challenges.LIFETIME.total_seconds()),
        )

    async def _failed(self, user_id: UUID | None, client: Client, method: str) -> None:
        action = Action.SECOND_FACTOR_FAILED if method == "second_factor" else Action.LOGIN_FAILED
        async with self._database.transaction(Scope()) as session:
            session.add(login_of(user_id, client, method))
            await session.flush()
            target = ("account", user_id)
            await note(session, action, None, client=client, target=target, method=method)


async def _demand_unchanged(session: Session, user_id: UUID, proved: str | None) -> None:
    """Refuse what was proved before somebody was shut out: checking a password takes its time."""
    row = await store.user_by_id(session, user_id, lock=True)
    is_old = row is not None and proved is not None and row.password_hash != proved
    if row is None or row.disabled_at is not None or is_old:
        raise WrongCredentials


def methods_of(status: FactorStatus) -> list[str]:
    """What the person may offer, the handiest first."""
    offered = {
        "passkey": status.passkeys > 0,
        "totp": status.totp,
        "recovery_code": status.recovery_codes_left > 0,
    }
    return [name for name, is_there in offered.items() if is_there]
