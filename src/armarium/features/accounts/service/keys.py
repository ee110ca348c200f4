"""Key pairs that sign access tokens: made on first use, shared by all processes, rotated."""

import json
import time
from datetime import timedelta
from typing import Any

from joserfc import jwe, jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from armarium.features.accounts import store
from armarium.features.accounts.errors import InvalidToken
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.tables import SigningKeyRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope
from armarium.platform.secret import ServerSecret

ALGORITHM = "ES256"
RELOAD_EVERY_SECONDS = 10
RESIGN_SECONDS = 60
"""A process learns within this time that another one rotated, and signs with the new key."""
MOST_DAYS = 90
"""A signing key older than this is renewed by the nightly care."""
LEEWAY_SECONDS = 5
WRAPPING = {"alg": "dir", "enc": "A256GCM"}


class SigningKeys:
    """Signs and checks JSON Web Tokens with ES256.

    The private half is stored encrypted under the server's secret, so that a copy of the database
    alone signs nothing. A process with another secret makes a pair of its own; public halves are
    shared, so each accepts the other's tokens.
    """

    def __init__(
        self,
        *,
        database: Database,
        secret: ServerSecret,
        issuer: str,
        audience: str,
        token_life: timedelta = timedelta(hours=1),
    ) -> None:
        """`issuer` is the address of this server, `audience` who may accept the tokens.

        `token_life` is the longest that any token lives: that long a retired key is still shown.
        """
        self._database = database
        self._secret = secret
        self.issuer = issuer
        self.audience = audience
        self.kept_after_retirement = token_life + timedelta(seconds=RESIGN_SECONDS + LEEWAY_SECONDS)
        self._known: dict[str, ECKey] = {}
        self._signer: ECKey | None = None
        self._loaded_at = float("-inf")
        self._rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
        )

    async def sign(self, claims: dict[str, Any]) -> str:
        """A signed token; issuer and audience are added."""
        if self._signer is None or time.monotonic() - self._loaded_at > RESIGN_SECONDS:
            await self._load(make=True)
        key = self._signer
        if key is None:
            raise RuntimeError("No signing key could be made.")
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}
        full = {"iss": self.issuer, "aud": self.audience, **claims}
        return jwt.encode(header, full, key, algorithms=[ALGORITHM])

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token that we signed, that is ours and has not expired."""
        key = await self._key_of(token)
        try:
            decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
            self._rules.validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise InvalidToken from error
        return dict(decoded.claims)

    async def public_keys(self) -> dict[str, Any]:
        """The JSON Web Key Set that others check our tokens with."""
        await self._load(make=True)
        return {"keys": [_public(key) for key in self._known.values()]}

    async def rotate(self) -> str:
        """Sign with a new pair from now on, and give its id.

        Older tokens stay valid until they expire; then the old public half is shown no more.
        """
        await self._load(make=True, fresh=True)
        return "" if self._signer is None else str(self._signer.kid)

    async def rotate_if_old(self, days: int = MOST_DAYS) -> bool:
        """Rotate when the key that signs is older than this; whether it was."""
        async with self._database.transaction(Scope()) as session:
            rows = await store.signing_keys(session, now() - self.kept_after_retirement)
        living = [row.created_at for row in rows if row.retired_at is None]
        if not living or now() - max(living) < timedelta(days=days):
            return False
        await self.rotate()
        return True

    async def _key_of(self, token: str) -> ECKey:
        """The key that the header names, and only one of ours: no key travels in a token."""
        try:
            # nosemgrep: unsigned-token -- names one of our keys; who decodes checks the signature
            header = jws.extract_compact(token.encode()).protected
        except (JoseError, ValueError, UnicodeError) as error:
            raise InvalidToken from error
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise InvalidToken
        age = time.monotonic() - self._loaded_at
        if age > RESIGN_SECONDS or (kid not in self._known and age > RELOAD_EVERY_SECONDS):
            await self._load()
        if kid not in self._known:
            raise InvalidToken
        return self._known[kid]

    async def _load(self, *, make: bool = False, fresh: bool = False) -> None:
        async with self._database.transaction(Scope()) as session:
            await store.lock_keys(session)
            rows = await store.signing_keys(session, now() - self.kept_after_retirement)
            usable = None if fresh else self._first_usable(rows)
            if usable is None and make:
                if fresh:
                    for row in rows:
                        row.retired_at = row.retired_at or now()
                    await note(session, Action.KEYS_ROTATED, None, target=("signing_key", None))
                usable = ECKey.generate_key("P-256", {"kid": new_id().hex})
                row = self._row_of(usable)
                session.add(row)
                rows.insert(0, row)
        self._known = {row.kid: ECKey.import_key(row.public_jwk) for row in rows}
        self._signer = usable
        self._loaded_at = time.monotonic()

    def _first_usable(self, rows: list[SigningKeyRow]) -> ECKey | None:
        for row in rows:
            if row.retired_at is not None:
                continue
            try:
                opened = jwe.decrypt_compact(row.private_jwe, self._wrapping())
            except JoseError:
                continue
            if opened.plaintext is not None:
                return ECKey.import_key(json.loads(opened.plaintext))
        return None

    def _row_of(self, key: ECKey) -> SigningKeyRow:
        private = json.dumps(key.as_dict(private=True))
        return SigningKeyRow(
            kid=str(key.kid),
            public_jwk=key.as_dict(private=False),
            private_jwe=jwe.encrypt_compact(WRAPPING, private, self._wrapping()),
            created_at=now(),
            retired_at=None,
        )

    def _wrapping(self) -> OctKey:
        return OctKey.import_key(self._secret.derive("signing-keys"))


def _public(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}
