"""Passkeys (WebAuthn): registration, and proof of one for a login or a sensitive act.

The library is imported when the first passkey is used: it takes long to load, and many never do.
"""

import json
import secrets
from typing import Any
from uuid import UUID

from armarium.features.accounts import store as accounts_store
from armarium.features.accounts.errors import InvalidPasskey, LastWayIn, TooManyKeys
from armarium.features.accounts.models import Passkey, Site, User
from armarium.features.accounts.service import challenges
from armarium.features.accounts.service.factors import Factors
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import factors as store
from armarium.features.accounts.store import outside
from armarium.features.accounts.tables import PasskeyRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound

REGISTER = "passkey_register"
NAME = "Armarium"
MOST_PASSKEYS = 20
NONCE_BYTES = 32


class Passkeys:
    """A person's passkeys."""

    def __init__(self, *, database: Database, factors: Factors) -> None:
        self._database = database
        self._factors = factors
        self.issuers: list[str] = []
        """Outside ones through which one can log in now, too."""

    async def begin(self, user: User, site: Site) -> tuple[str, dict[str, Any]]:
        """(challenge, creation options for the browser)."""
        from webauthn import generate_registration_options  # noqa: PLC0415  # slow to load
        from webauthn.helpers import structs  # noqa: PLC0415  # same

        nonce = secrets.token_bytes(NONCE_BYTES)
        async with self._database.transaction(Scope()) as session:
            mine = await store.passkeys(session, user.id)
            if len(mine) >= MOST_PASSKEYS:
                raise TooManyKeys
            token = await challenges.begin(session, REGISTER, user_id=user.id, nonce=nonce)
        options = generate_registration_options(
            rp_id=site.rp_id,
            rp_name=NAME,
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.display_name or user.email,
            challenge=nonce,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=row.credential_id) for row in mine
            ],
        )
        return token, _as_json(options)

    async def finish(
        self,
        user: User,
        token: str,
        credential: dict[str, Any],
        *,
        name: str,
        site: Site,
        session_id: UUID | None,
    ) -> tuple[Passkey, list[str] | None]:
        """Keep the new passkey; gives recovery codes where there were none."""
        async with self._database.transaction(Scope()) as session:
            await accounts_store.user_by_id(session, user.id, lock=True)
            begun = await challenges.find(session, token, REGISTER)
            if begun.user_id != user.id or begun.nonce is None:
                raise InvalidPasskey
            await session.delete(begun)
            if len(await store.passkeys(session, user.id)) >= MOST_PASSKEYS:
                raise TooManyKeys
            row = _verified(credential, begun.nonce, site)
            if await store.passkey_by_credential(session, row.credential_id) is not None:
                raise InvalidPasskey
            row.user_id, row.name = user.id, name
            session.add(row)
            await session.flush()
            codes = await self._factors.added(session, user.id, session_id, kind="passkey")
            target = ("passkey", row.id)
            await note(session, Action.PASSKEY_ADDED, user.id, target=target, name=name)
        return _passkey(row), codes

    async def list(self, user_id: UUID) -> list[Passkey]:
        """Oldest first."""
        async with self._database.transaction(Scope()) as session:
            return [_passkey(row) for row in await store.passkeys(session, user_id)]

    async def rename(self, user_id: UUID, passkey_id: UUID, name: str) -> Passkey:
        """Call it something else."""
        async with self._database.transaction(Scope()) as session:
            row = await store.passkey(session, user_id, passkey_id)
            if row is None:
                raise NotFound
            row.name = name
        return _passkey(row)

    async def remove(self, user: User, passkey_id: UUID) -> None:
        """Forget the public half; the authenticator may keep its own.

        Raises:
            LastWayIn: nothing else logs the person in.
            SecondFactorNeeded: it is the last factor of somebody who must have one.
        """
        async with self._database.transaction(Scope()) as session:
            await accounts_store.user_by_id(session, user.id, lock=True)
            row = await store.passkey(session, user.id, passkey_id)
            if row is None:
                raise NotFound
            if not await outside.other_ways_in(session, user.id, passkey_id, self.issuers):
                raise LastWayIn
            await session.delete(row)
            await session.flush()
            await self._factors.removed(session, user, kind="passkey")
            target = ("passkey", row.id)
            await note(session, Action.PASSKEY_REMOVED, user.id, target=target, name=row.name)

    async def options(
        self, session: Session, user_id: UUID | None, nonce: bytes, site: Site
    ) -> dict[str, Any]:
        """Request options for the browser: for one person's passkeys, or for whichever it has."""
        from webauthn import generate_authentication_options  # noqa: PLC0415  # slow to load
        from webauthn.helpers import structs  # noqa: PLC0415  # same

        mine = [] if user_id is None else await store.passkeys(session, user_id)
        verification = (
            structs.UserVerificationRequirement.REQUIRED
            if user_id is None
            else structs.UserVerificationRequirement.PREFERRED
        )
        options = generate_authentication_options(
            rp_id=site.rp_id,
            challenge=nonce,
            allow_credentials=[
                structs.PublicKeyCredentialDescriptor(
                    id=row.credential_id,
                    transports=[structs.AuthenticatorTransport(each) for each in row.transports],
                )
                for row in mine
            ],
            user_verification=verification,
        )
        return _as_json(options)

    async def check(
        self,
        session: Session,
        credential: dict[str, Any],
        nonce: bytes,
        site: Site,
        *,
        user_id: UUID | None,
        alone: bool,
    ) -> User | None:
        """The person whose passkey signed `nonce` for this site; None when nobody's did.

        One that stands `alone`, no password beside it, must have verified its person itself.
        """
        from webauthn import verify_authentication_response  # noqa: PLC0415  # slow to load
        from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415  # same
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # same

        try:
            credential_id = base64url_to_bytes(str(credential.get("rawId", "")))
        except ValueError:
            return None
        found = await store.passkey_by_credential(session, credential_id)
        if found is None or (user_id is not None and found[1].id != user_id):
            return None
        row, person = found
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=nonce,
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=alone,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
            return None
        row.sign_count = verified.new_sign_count
        row.backed_up = verified.credential_backed_up
        row.last_used_at = now()
        return user_of(person)


def _verified(credential: dict[str, Any], nonce: bytes, site: Site) -> PasskeyRow:
    from webauthn import verify_registration_response  # noqa: PLC0415  # slow to load
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # same
    from webauthn.helpers.structs import AuthenticatorTransport  # noqa: PLC0415  # same

    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=nonce,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
        )
        said = credential["response"].get("transports") or []
        known = {each.value for each in AuthenticatorTransport}
        transports = [each for each in said if each in known]
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidPasskey(pointer="/credential") from error
    return PasskeyRow(
        id=new_id(),
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=transports,
        backed_up=verified.credential_backed_up,
        created_at=now(),
        last_used_at=None,
    )


def _as_json(options: Any) -> dict[str, Any]:
    from webauthn import options_to_json  # noqa: PLC0415  # slow to load

    return json.loads(options_to_json(options))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id,
        name=row.name,
        backed_up=row.backed_up,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
