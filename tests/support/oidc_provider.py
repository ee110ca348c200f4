"""An OpenID Connect provider that is a real HTTP server, with the faults that tests ask for.

Run by hand: `python -m tests.support.oidc_provider` prints the settings that point at it. It logs
in its one person without asking. It also speaks as GitHub does, below the same address.
"""

import hashlib
import json
import secrets
import sys
import threading
import time
import warnings
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

CLIENT_ID = "armarium-test"
CLIENT_SECRET = "p@ss word/ä"
Key = RSAKey | ECKey | OKPKey


@dataclass
class Grant:
    """What a code stands for."""

    redirect_uri: str
    challenge: str | None
    nonce: str | None
    claims: dict[str, Any]


@dataclass
class OidcProvider:
    """The provider's state; a test changes it between requests."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    id_token_changes: dict[str, Any] = field(default_factory=dict)
    """Claims of the next ID tokens that differ from the honest ones; None leaves one out."""
    discovery_changes: dict[str, Any] = field(default_factory=dict)
    answer_changes: dict[str, str | None] = field(default_factory=dict)
    """Parameters of the way back that differ from the honest ones."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    emails: list[dict[str, Any]] = field(default_factory=list)
    orgs: list[str] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    odd_keys: list[dict[str, Any]] = field(default_factory=list)
    """Published beside the honest ones."""
    hits: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_down: bool = False

    def __post_init__(self) -> None:
        self.rotate()
        self.be_honest()

    def be_honest(self) -> None:
        """Forget every fault, and have somebody new."""
        for changed in (
            self.id_token_changes,
            self.discovery_changes,
            self.answer_changes,
            self.userinfo,
            self.emails,
            self.orgs,
            self.odd_keys,
            self.hits,
        ):
            changed.clear()
        self.is_down = False
        number = secrets.randbelow(10**12)
        self.person = {
            "sub": str(number),
            "email": f"ada-{number}@example.org",
            "email_verified": True,
            "name": "Ada",
        }

    def rotate(self, algorithm: str = "ES256") -> Key:
        """Sign with a new key; only that one is published."""
        kid = {"kid": secrets.token_hex(4), "alg": algorithm, "use": "sig"}
        made: Key
        if algorithm.startswith("ES"):
            made = ECKey.generate_key("P-256", kid)
        elif algorithm.startswith("Ed"):
            made = OKPKey.generate_key("Ed25519", kid)
        else:
            made = RSAKey.generate_key(2048, kid)
        self.keys = [made]
        return made

    def sign(self, changes: dict[str, Any] | None = None, **header: Any) -> str:
        """A bearer token of the person; `changes` as for ID tokens."""
        at = int(time.time())
        honest = {
            **self.person,
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + 300,
        }
        return self._signed(_changed(honest, changes or {}), header)

    def _signed(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        key = self.keys[0]
        full = {"alg": key.get("alg"), "kid": key.kid, "typ": "JWT", **header}
        with warnings.catch_warnings():
            # Issuers still say EdDSA, which has a newer name since RFC 9864.
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.encode(full, claims, key, algorithms=[str(full["alg"])])

    def discovery(self) -> dict[str, Any]:
        honest = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/logout",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return _changed(honest, self.discovery_changes)

    def key_set(self) -> dict[str, Any]:
        return {"keys": [*self.odd_keys, *(key.as_dict(private=False) for key in self.keys)]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes back to; whoever asks is logged in as the person."""
        assert query["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe(16)
        self.codes[code] = Grant(
            query["redirect_uri"],
            query.get("code_challenge"),
            query.get("nonce"),
            dict(self.person),
        )
        honest: dict[str, Any] = {"code": code, "state": query["state"]}
        back = _changed(honest, self.answer_changes)
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def exchange(self, form: dict[str, str], basic: tuple[str, str] | None) -> dict[str, Any]:
        """The tokens of a code, or an error as RFC 6749 words it."""
        client = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if client != (CLIENT_ID, CLIENT_SECRET):
            return {"error": "invalid_client"}
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or grant.redirect_uri != form.get("redirect_uri"):
            return {"error": "invalid_grant"}
        if grant.challenge is not None:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if urlsafe_b64encode(digest).decode().rstrip("=") != grant.challenge:
                return {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = grant.claims
        at = int(time.time())
        honest = {
            **grant.claims,
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + 300,
            "nonce": grant.nonce,
            "at_hash": _half_hash(access, str(self.keys[0].get("alg"))),
        }
        id_token = self._signed(_changed(honest, self.id_token_changes), {})
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": id_token,
        }


class Handler(BaseHTTPRequestHandler):
    """The wire; every answer is JSON or a redirect."""

    provider: OidcProvider

    def do_GET(self) -> None:  # the library's name
        parts = urlsplit(self.path)
        provider = self.provider
        provider.hits[parts.path] += 1
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if provider.is_down:
            self._answer(503, {})
        elif parts.path == "/.well-known/openid-configuration":
            self._answer(200, provider.discovery())
        elif parts.path == "/jwks":
            self._answer(200, provider.key_set())
        elif parts.path in {"/authorize", "/login/oauth/authorize"}:
            self._answer(302, {}, location=provider.authorize(query))
        elif parts.path == "/userinfo":
            self._user(lambda person: {"sub": person["sub"], **provider.userinfo})
        elif parts.path == "/api/v3/user":
            self._user(
                lambda person: {"id": int(person["sub"]), "login": "ada-l", "name": person["name"]}
            )
        elif parts.path == "/api/v3/user/emails":
            self._user(lambda _person: provider.emails)
        elif parts.path == "/api/v3/user/orgs":
            self._user(lambda _person: [{"login": each} for each in provider.orgs])
        else:
            self._answer(404, {})

    def do_POST(self) -> None:  # the library's name
        self.provider.hits[self.path] += 1
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path not in {"/token", "/login/oauth/access_token"} or self.provider.is_down:
            self._answer(503, {})
            return
        made = self.provider.exchange(form, self._basic())
        if self.path == "/login/oauth/access_token":
            made.pop("id_token", None)
            self._answer(200, made)
        else:
            self._answer(400 if "error" in made else 200, made)

    def log_message(self, *_args: Any) -> None:
        """Quiet in tests."""

    def _basic(self) -> tuple[str, str] | None:
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        import base64  # noqa: PLC0415  # beside the one use

        name, _, secret = base64.b64decode(value).decode().partition(":")
        return unquote(name), unquote(secret)

    def _user(self, say: Any) -> None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        person = self.provider.tokens.get(token)
        self._answer(401, {}) if person is None else self._answer(200, say(person))

    def _answer(self, status: int, body: Any, *, location: str | None = None) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        if location is not None:
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


@contextmanager
def oidc_provider(port: int = 0) -> Iterator[OidcProvider]:
    """A provider of one's own, on loopback."""
    provider = OidcProvider()
    handler = type("Bound", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def provider_settings(provider: OidcProvider, **changes: Any) -> dict[str, Any]:
    """What the settings say of it."""
    return {
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "label": "Test provider",
        **changes,
    }


def _changed(honest: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**honest, **changes}.items() if value is not None}


def _half_hash(token: str, algorithm: str) -> str:
    made = (hashlib.sha512 if algorithm.startswith("Ed") else hashlib.sha256)(token.encode())
    half = made.digest()[: made.digest_size // 2]
    return urlsafe_b64encode(half).decode().rstrip("=")


def main() -> None:
    """Serve until Ctrl-C."""
    with oidc_provider(9444) as provider:
        prefix = "ARMARIUM_IDENTITY_PROVIDERS__TEST__"
        for name, value in provider_settings(provider).items():
            sys.stdout.write(f"export {prefix}{name.upper()}='{value}'\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
