"""Tokens of other issuers at our API: what counts, what is forged, and how keys are asked for."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from armarium.features.accounts import Issuers
from armarium.features.accounts.service.outside import keyset
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, client_of, make_house, register, running_app
from tests.support.oidc_provider import CLIENT_ID, OidcProvider, oidc_provider, provider_settings
from tests.support.outside import visit

pytestmark = pytest.mark.anyio
API = "/api/v1"


@pytest.fixture(scope="module")
def server() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
def narrow_server() -> Iterator[OidcProvider]:
    """Another issuer, whose tokens make accounts and are narrowed to their scopes."""
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
async def app(
    module_database_urls: DatabaseUrls,
    tmp_path_factory: pytest.TempPathFactory,
    server: OidcProvider,
    narrow_server: OidcProvider,
) -> AsyncIterator[FastAPI]:
    house = make_house(
        module_database_urls,
        tmp_path_factory.mktemp("data"),
        identity_providers={"test": provider_settings(server)},
        trusted_issuers={
            "test": {"issuer": server.url, "audience": [CLIENT_ID, "other-client"]},
            "narrow": {
                "issuer": narrow_server.url,
                "audience": [CLIENT_ID],
                "auto_create": True,
                "scope_prefix": "armarium/",
                "roles": {"keepers": "admin"},
            },
        },
    )
    async with running_app(house) as running:
        await register(running)
        yield running


@pytest.fixture
def provider(app: FastAPI, server: OidcProvider, narrow_server: OidcProvider) -> OidcProvider:
    """Nothing is remembered of either issuer."""
    server.be_honest()
    narrow_server.be_honest()
    issuers = app.state.services[Issuers]
    issuers.__init__(wire=issuers.wire)
    return server


@pytest.fixture
async def person(app: FastAPI, provider: OidcProvider) -> Person:
    """Somebody who linked their outside identity."""
    somebody = await register(app)
    started = await somebody.client.post(f"{API}/me/identities/test/link")
    await somebody.client.get(await visit(started.json()["redirect_to"]))
    return somebody


async def ask(app: FastAPI, token: str, path: str = "/me") -> Response:
    async with client_of(app, token) as client:
        return await client.get(f"{API}{path}")


async def test_a_token_of_a_trusted_issuer_is_its_person(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    answer = await ask(app, provider.sign())
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == str(person.id)
    assert (await ask(app, provider.sign(), "/items")).status_code == 200
    assert (await ask(app, provider.sign(), "/me/api-keys")).json()["code"] == "session_required"


async def test_a_token_of_nobody_here_is_refused(app: FastAPI, provider: OidcProvider) -> None:
    answer = await ask(app, provider.sign())
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


AT = int(time.time())
WRONG: list[dict[str, Any]] = [
    {"iss": "https://another.example"},
    {"iss": None},
    {"iss": ["http://127.0.0.1"]},
    {"aud": "another-client"},
    {"aud": None},
    {"aud": None, "client_id": CLIENT_ID},
    {"aud": "another-client", "token_use": "access", "client_id": CLIENT_ID},
    {"exp": AT - 3600},
    {"exp": None},
    {"exp": "tomorrow"},
    {"exp": True},
    {"exp": float("inf")},
    {"nbf": AT + 3600},
    {"iat": AT + 3600},
    {"sub": None},
    {"sub": 7},
    {"sub": "somebody-else"},
]


@pytest.mark.parametrize(
    "changes", WRONG, ids=[f"{at} {' '.join(each)}" for at, each in enumerate(WRONG)]
)
async def test_a_token_with_a_wrong_claim_is_refused(
    app: FastAPI, provider: OidcProvider, person: Person, changes: dict[str, Any]
) -> None:
    answer = await ask(app, provider.sign(changes))
    assert answer.status_code == 401, answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["x", CLIENT_ID]},
        {"aud": "other-client"},
        {"aud": None, "client_id": CLIENT_ID, "token_use": "access"},
        {"exp": AT + 3600.5},
    ],
    ids=["several audiences", "another client", "an access token", "half a second"],
)
async def test_a_token_in_another_shape_counts(
    app: FastAPI, provider: OidcProvider, person: Person, changes: dict[str, Any]
) -> None:
    assert (await ask(app, provider.sign(changes))).status_code == 200


def _compact(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _claims(provider: OidcProvider) -> dict[str, Any]:
    return {**provider.person, "iss": provider.url, "aud": CLIENT_ID, "exp": time.time() + 300}


def _none(provider: OidcProvider) -> str:
    return _compact({"alg": "none", "kid": provider.keys[0].kid}, _claims(provider))


def _none_in_capitals(provider: OidcProvider) -> str:
    return _compact({"alg": "nOnE", "kid": provider.keys[0].kid}, _claims(provider))


def _no_signature(provider: OidcProvider) -> str:
    return provider.sign().rpartition(".")[0] + "."


def _public_key_as_secret(provider: OidcProvider) -> str:
    """HS256 with the bytes of the public key: the oldest forgery."""
    key = provider.keys[0]
    signed = _compact({"alg": "HS256", "kid": key.kid}, _claims(provider))[:-1]
    made = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{urlsafe_b64encode(made).decode().rstrip('=')}"


def _own_key(provider: OidcProvider, **header: Any) -> str:
    """Signed by the forger, under the issuer's key id or another."""
    key = ECKey.generate_key("P-256", {"kid": "forged"})
    full = {"alg": "ES256", "kid": provider.keys[0].kid, **header}
    registry = None
    if header:
        from joserfc.jws import JWSRegistry  # noqa: PLC0415  # beside the one use

        registry = JWSRegistry(strict_check_header=False, algorithms=["ES256"])
    shown = {k: v(key) if callable(v) else v for k, v in full.items()}
    return jwt.encode(shown, _claims(provider), key, registry=registry)


def _other_family(provider: OidcProvider) -> str:
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": provider.keys[0].kid}
    return jwt.encode(header, _claims(provider), key, algorithms=["RS256"])


def _changed_claims(provider: OidcProvider) -> str:
    head, _, tail = provider.sign().split(".")
    claims = {**_claims(provider), "sub": "admin"}
    body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{body}.{tail}"


FORGERIES: dict[str, Callable[[OidcProvider], str]] = {
    "alg none": _none,
    "alg nOnE": _none_in_capitals,
    "no signature": _no_signature,
    "public key as a secret": _public_key_as_secret,
    "own key": _own_key,
    "own key by jwk": lambda p: _own_key(p, jwk=lambda key: key.as_dict(private=False)),
    "own key by jku": lambda p: _own_key(p, jku=f"{p.url}/evil-keys", kid="forged"),
    "own key by x5u": lambda p: _own_key(p, x5u=f"{p.url}/evil-keys", kid="forged"),
    "kid with a path": lambda p: _own_key(p, kid="../../../dev/null"),
    "kid with sql": lambda p: _own_key(p, kid="' union select 1 --"),
    "no kid": lambda p: _own_key(p, kid=""),
    "another family": _other_family,
    "changed claims": _changed_claims,
    "no header": lambda p: "." + p.sign().partition(".")[2],
    "deep payload": lambda p: "e30." + "W" * 3000 + ".x",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_is_refused(
    app: FastAPI, provider: OidcProvider, person: Person, name: str
) -> None:
    answer = await ask(app, FORGERIES[name](provider))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert provider.hits["/evil-keys"] == 0


async def test_an_unknown_critical_header_is_refused(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    key = provider.keys[0]
    head = {"alg": "ES256", "kid": key.kid, "crit": ["exp"], "exp": 1}
    forged = _compact(head, _claims(provider), b"0" * 64)
    assert (await ask(app, forged)).status_code == 401


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"])
async def test_each_private_key_algorithm_counts(
    app: FastAPI, provider: OidcProvider, person: Person, algorithm: str
) -> None:
    provider.rotate(algorithm)
    assert (await ask(app, provider.sign())).status_code == 200


async def test_a_key_is_good_for_the_algorithm_that_it_names(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    provider.rotate("RS256")
    key = provider.keys[0]
    header = {"alg": "PS256", "kid": key.kid}
    token = jwt.encode(
        header,
        _claims(provider),
        RSAKey.import_key({**key.as_dict(private=True), "alg": "PS256"}),
        algorithms=["PS256"],
    )
    assert (await ask(app, token)).status_code == 401


async def test_a_secret_in_a_key_set_is_no_key(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    shared = OctKey.generate_key(256, {"kid": "shared", "alg": "HS256", "use": "sig"})
    private = {**provider.keys[0].as_dict(private=True), "kid": "private"}
    provider.odd_keys = [
        shared.as_dict(private=True),
        private,
        {"kty": "RSA", "kid": "broken", "n": "!", "e": 7},
        {"kty": "unheard-of", "kid": "new"},
    ]
    header = {"alg": "HS256", "kid": "shared"}
    token = jwt.encode(header, _claims(provider), shared, algorithms=["HS256"])
    assert (await ask(app, token)).status_code == 401
    assert (await ask(app, provider.sign())).status_code == 200
    assert (await ask(app, provider.sign(kid="private"))).status_code == 401


async def test_keys_are_asked_for_once_and_again_when_they_rotate(
    app: FastAPI, provider: OidcProvider, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = provider.sign()
    provider.hits.clear()
    for _ in range(5):
        assert (await ask(app, old)).status_code == 200
    assert provider.hits["/jwks"] <= 1
    provider.rotate()
    assert (await ask(app, provider.sign())).status_code == 200
    assert provider.hits["/jwks"] <= 2
    assert (await ask(app, old)).status_code == 401, "a withdrawn key signs nothing"


async def test_invented_key_ids_do_not_make_a_flood(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    assert (await ask(app, provider.sign())).status_code == 200
    provider.hits.clear()
    for number in range(20):
        forged = _own_key(provider, kid=f"invented-{number}")
        assert (await ask(app, forged)).status_code == 401
    assert provider.hits["/jwks"] <= 1
    assert (await ask(app, provider.sign())).status_code == 200


async def test_known_keys_outlive_a_short_absence_of_their_issuer(
    app: FastAPI, provider: OidcProvider, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = provider.sign()
    assert (await ask(app, token)).status_code == 200
    provider.is_down = True
    start = time.monotonic()
    monkeypatch.setattr(keyset.time, "monotonic", lambda: start + 2 * keyset.KEPT_SECONDS)
    assert (await ask(app, token)).status_code == 200
    monkeypatch.setattr(keyset.time, "monotonic", lambda: start + 25 * 3600)
    assert (await ask(app, token)).status_code == 401


async def test_an_issuer_that_is_away_refuses_and_does_not_break(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    issuers = app.state.services[Issuers]
    issuers.__init__(wire=issuers.wire)
    provider.is_down = True
    assert (await ask(app, provider.sign())).status_code == 401


async def test_scopes_narrow_and_groups_raise_where_the_settings_say_so(
    app: FastAPI, provider: OidcProvider, narrow_server: OidcProvider
) -> None:
    narrow_server.person["groups"] = ["keepers"]

    def signed(scope: Any) -> str:
        return narrow_server.sign({"scope": scope})

    reads = "openid armarium/items:read armarium/account:read armarium/fly other/items:write"
    answer = await ask(app, signed(reads))
    assert answer.json()["email"] == narrow_server.person["email"]
    assert answer.json()["role"] == "admin"
    assert (await ask(app, signed(reads), "/items")).status_code == 200
    async with client_of(app, signed(reads)) as client:
        refused = await client.post(f"{API}/items", json={"kind": "book", "title": "x"})
        assert refused.json()["code"] == "missing_scope"
    for nothing in (None, "", "items:read", 7, [None]):
        assert (await ask(app, signed(nothing))).json()["code"] == "missing_scope"
    assert (await ask(app, signed(["armarium/account:read"]))).status_code == 200


async def test_a_first_token_makes_no_account_for_a_taken_or_unproved_address(
    app: FastAPI, provider: OidcProvider, narrow_server: OidcProvider
) -> None:
    narrow_server.person["email_verified"] = False
    assert (await ask(app, narrow_server.sign())).status_code == 401
    narrow_server.person["email_verified"] = True
    await register(app, narrow_server.person["email"])
    answer = await ask(app, narrow_server.sign())
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


async def test_our_own_tokens_are_not_an_outside_issuers(
    app: FastAPI, provider: OidcProvider, person: Person
) -> None:
    """A token of ours under the name of the trusted issuer is checked by that issuer's keys."""
    head, body, tail = person.access_token.split(".")
    renamed = _compact({"alg": "ES256", "kid": "x"}, {**_claims(provider)})
    assert (await ask(app, f"{head}.{renamed.split('.')[1]}.{tail}")).status_code == 401
    assert (await ask(app, f"{head}.{body}.{tail}")).status_code == 200
