"""Key pairs that sign access tokens: made on first use, shared by all processes, rotated."""

import json
import time
from typing import Any

from joserfc import jwe, jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from armarium.features.accounts import store
from armarium.features.accounts.errors import InvalidToken
from armarium.features.accounts.tables import SigningKeyRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.secret import ServerSecret

ALGORITHM = "ES256"
RELOAD_EVERY_SECONDS = 10
LEEWAY_SECONDS = 5
WRAPPING = {"alg": "dir", "enc": "A256GCM"}


class SigningKeys:
    """Signs and checks JSON Web Tokens with ES256.

    The private half is stored encrypted under the server's secret, so that a copy of the database
    alone signs nothing. A process with another secret makes a pair of its own; public halves are
    shared, so each accepts the other's tokens.
    """

    def __init__(
        self, *, database: Database, secret: ServerSecret, issuer: str, audience: str
    ) -> None:
        """`issuer` is the address of this server, `audience` who may accept the tokens."""
        self._database = database
        self._secret = secret
        self.issuer = issuer
        self.audience = audience
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
        if self._signer is None:
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
        """Sign with a new pair from now on; older tokens stay valid until they expire."""
        self._signer = None
        await self._load(make=True, fresh=True)
        return "" if self._signer is None else str(self._signer.kid)

    async def _key_of(self, token: str) -> ECKey:
        """The key that the header names, and only one of ours: no key travels in a token."""
        try:
            header = jws.extract_compact(token.encode()).protected
        except (JoseError, ValueError, UnicodeError) as error:
            raise InvalidToken from error
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise InvalidToken
        stale = time.monotonic() - self._loaded_at > RELOAD_EVERY_SECONDS
        if kid not in self._known and stale:
            await self._load()
        if kid not in self._known:
            raise InvalidToken
        return self._known[kid]

    async def _load(self, *, make: bool = False, fresh: bool = False) -> None:
        async with self._database.transaction(Scope()) as session:
            await store.lock_keys(session)
            rows = await store.signing_keys(session)
            usable = None if fresh else self._first_usable(rows)
            if usable is None and make:
                usable = ECKey.generate_key("P-256", {"kid": new_id().hex})
                row = self._row_of(usable)
                session.add(row)
                rows.insert(0, row)
        self._known = {row.kid: ECKey.import_key(row.public_jwk) for row in rows}
        self._signer = usable
        self._loaded_at = time.monotonic()

    def _first_usable(self, rows: list[SigningKeyRow]) -> ECKey | None:
        for row in rows:
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
