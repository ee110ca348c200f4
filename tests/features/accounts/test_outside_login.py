"""Login through an outside provider: a real HTTP server on the other side, a browser between."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.features.accounts import Issuers
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import BASE_URL, PASSWORD, client_of, make_house, register, running_app
from tests.support.authenticator import Authenticator
from tests.support.oidc_provider import OidcProvider, oidc_provider, provider_settings
from tests.support.outside import depart, landed, log_in, visit

pytestmark = pytest.mark.anyio
API = "/api/v1"


ROLES = {"keepers": "admin", "helpers": "moderator"}


def settings_of(provider: OidcProvider) -> dict[str, Any]:
    """One server under many names, each with another setting."""
    kinds: dict[str, dict[str, Any]] = {
        "test": {},
        "trusting": {"trust_email": True},
        "creating": {"auto_create": True},
        "grouped": {"roles": ROLES},
        "github": {"kind": "github"},
    }
    return {name: provider_settings(provider, **more) for name, more in kinds.items()}


@pytest.fixture(scope="module")
def server() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture
def provider(server: OidcProvider) -> OidcProvider:
    server.be_honest()
    return server


@pytest.fixture(scope="module")
async def app(
    module_database_urls: DatabaseUrls,
    tmp_path_factory: pytest.TempPathFactory,
    server: OidcProvider,
) -> AsyncIterator[FastAPI]:
    """A server that has its owner."""
    data = tmp_path_factory.mktemp("data")
    house = make_house(module_database_urls, data, identity_providers=settings_of(server))
    async with running_app(house) as running:
        await register(running)
        yield running


@pytest.fixture
def forgetful(app: FastAPI) -> Iterator[None]:
    """What is known of providers was asked for in this test."""
    issuers = app.state.services[Issuers]
    issuers.__init__(wire=issuers.wire)
    yield
    issuers.__init__(wire=issuers.wire)


@pytest.fixture
async def fresh_app(
    database_urls: DatabaseUrls,
    tmp_path: Path,
    server: OidcProvider,
    request: pytest.FixtureRequest,
) -> AsyncIterator[FastAPI]:
    """A server of the test's own, which nobody owns yet, with other settings."""
    changes = getattr(request, "param", {})
    house = make_house(database_urls, tmp_path, identity_providers=settings_of(server), **changes)
    async with running_app(house) as running:
        yield running


@pytest.fixture
async def browser(app: FastAPI, provider: OidcProvider) -> AsyncIterator[AsyncClient]:
    async with client_of(app) as client:
        yield client


async def me(client: AsyncClient) -> dict[str, Any]:
    answer = await client.get(f"{API}/me")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_login_page_is_told_of_providers(app: FastAPI, browser: AsyncClient) -> None:
    answer = await browser.get(f"{API}/auth/providers")
    assert answer.json()[0] == {
        "name": "test",
        "label": "Test provider",
        "login_url": "/api/v1/auth/providers/test/login",
    }
    assert (await browser.get(f"{API}/auth/providers/other/login")).status_code == 404


async def test_somebody_new_gets_an_account_and_comes_back_to_it(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    path, said = landed(await log_in(browser, next="/items?kind=book"))
    assert (path, said) == ("/items", {"kind": "book"})
    first = await me(browser)
    assert first["email"] == provider.person["email"]
    assert first["email_verified"] is True
    assert first["display_name"] == "Ada"
    assert first["role"] == "user"
    provider.person["email"] = f"moved-{first['id']}@example.org"
    async with client_of(app) as elsewhere:
        await log_in(elsewhere)
        assert (await me(elsewhere))["id"] == first["id"]
    history = (await browser.get(f"{API}/me/sessions")).json()
    assert {each["method"] for each in history} == {"outside:test"}


async def test_the_request_carries_pkce_state_and_nonce(app: FastAPI, browser: AsyncClient) -> None:
    query = parse_qs(urlsplit(await depart(browser)).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert len(query["state"][0]) >= 43
    assert len(query["nonce"][0]) >= 43
    assert query["scope"] == ["openid email profile"]
    assert query["redirect_uri"] == ["http://127.0.0.1:8400/auth/callback"]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: a=b",
        "x" * 600,
    ],
)
async def test_one_comes_back_to_this_server_only(
    app: FastAPI, browser: AsyncClient, wanted: str
) -> None:
    answer = await log_in(browser, next=wanted)
    assert answer.headers["location"] == "/"


async def test_a_state_counts_in_the_browser_that_began(app: FastAPI, browser: AsyncClient) -> None:
    """Login CSRF: somebody else's answer, sent to a browser that began nothing, or began itself."""
    async with client_of(app) as attacker, client_of(app) as victim:
        back = await visit(await depart(attacker))
        for _ in range(2):
            path, said = landed(await victim.get(back))
            assert (path, said["problem"]) == ("/login", "outside_login_expired")
            assert "armarium_access" not in victim.cookies
            await depart(victim)
        assert landed(await attacker.get(back)) == ("/", {})


async def test_an_answer_counts_once(app: FastAPI, browser: AsyncClient) -> None:
    back = await visit(await depart(browser))
    cookies = dict(browser.cookies)
    assert landed(await browser.get(back)) == ("/", {})
    browser.cookies.update(cookies)
    assert landed(await browser.get(back))[1]["problem"] == "outside_login_expired"


@pytest.mark.parametrize("state", ["", "x", "0" * 43, "\0"])
async def test_an_invented_state_is_nothing(app: FastAPI, browser: AsyncClient, state: str) -> None:
    await depart(browser)
    answer = await browser.get("/auth/callback", params={"state": state, "code": "x"})
    assert landed(answer)[1]["problem"] == "outside_login_expired"


@pytest.mark.parametrize(
    ("claims", "problem"),
    [
        ({"nonce": "another"}, "outside_answer_invalid"),
        ({"nonce": None}, "outside_answer_invalid"),
        ({"aud": "another-client"}, "outside_answer_invalid"),
        ({"aud": ["armarium-test", "another-client"]}, "outside_answer_invalid"),
        ({"azp": "another-client"}, "outside_answer_invalid"),
        ({"iss": "https://another.example"}, "outside_answer_invalid"),
        ({"exp": 1}, "outside_answer_invalid"),
        ({"exp": None}, "outside_answer_invalid"),
        ({"exp": True}, "outside_answer_invalid"),
        ({"exp": float("nan")}, "outside_answer_invalid"),
        ({"nbf": 99999999999}, "outside_answer_invalid"),
        ({"iat": 99999999999}, "outside_answer_invalid"),
        ({"sub": None}, "outside_answer_invalid"),
        ({"sub": ""}, "outside_answer_invalid"),
        ({"sub": "x" * 300}, "outside_answer_invalid"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "outside_answer_invalid"),
        ({"token_use": "access"}, "outside_answer_invalid"),
    ],
)
async def test_a_token_that_answers_another_login_is_refused(
    app: FastAPI,
    browser: AsyncClient,
    provider: OidcProvider,
    claims: dict[str, Any],
    problem: str,
) -> None:
    provider.id_token_changes = claims
    path, said = landed(await log_in(browser))
    assert (path, said["problem"]) == ("/login", problem)
    assert (await browser.get(f"{API}/me")).status_code == 401


async def test_a_mix_up_of_issuers_is_noticed(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    """RFC 9207: an answer that says it comes from another issuer than the one that was asked."""
    provider.answer_changes = {"iss": "https://attacker.example"}
    assert landed(await log_in(browser))[1]["problem"] == "outside_answer_invalid"
    assert provider.hits["/token"] == 0
    provider.answer_changes = {"iss": provider.url}
    assert landed(await log_in(browser)) == ("/", {})


async def test_a_provider_that_always_names_itself_must(
    app: FastAPI, forgetful: None, browser: AsyncClient, provider: OidcProvider
) -> None:
    provider.discovery_changes = {"authorization_response_iss_parameter_supported": True}
    assert landed(await log_in(browser))[1]["problem"] == "outside_answer_invalid"


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "ftp://127.0.0.1/"},
    ],
)
async def test_a_document_of_another_issuer_is_refused(
    app: FastAPI,
    forgetful: None,
    browser: AsyncClient,
    provider: OidcProvider,
    discovery: dict[str, Any],
) -> None:
    provider.discovery_changes = discovery
    answer = await browser.get(f"{API}/auth/providers/test/login")
    assert (answer.status_code, answer.json()["code"]) == (502, "provider_unavailable")


async def test_an_issuer_does_not_lead_us_into_our_own_network(
    app: FastAPI, forgetful: None, browser: AsyncClient, provider: OidcProvider
) -> None:
    """The host in the settings may be private; one that its document adds must not be."""
    with oidc_provider() as inner:
        provider.discovery_changes = {"token_endpoint": f"{inner.url}/token"}
        assert landed(await log_in(browser))[1]["problem"] == "provider_unavailable"
        assert not inner.hits


async def test_a_refusal_at_the_provider_is_said(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    provider.answer_changes = {"code": None, "error": "access_denied"}
    assert landed(await log_in(browser))[1]["problem"] == "outside_login_refused"


async def test_a_provider_that_is_away_is_said(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    back = await visit(await depart(browser))
    provider.is_down = True
    assert landed(await browser.get(back))[1]["problem"] == "provider_unavailable"


async def test_an_address_that_has_an_account_takes_nothing_over(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    """Not even a verified one: the account's own person links it, from inside."""
    owner = await register(app, provider.person["email"])
    path, said = landed(await log_in(browser))
    assert (path, said["problem"]) == ("/login", "outside_account_exists")
    assert (await browser.get(f"{API}/me")).status_code == 401
    assert (await browser.get(f"{API}/me/identities/waiting")).status_code == 401

    login = {"email": owner.email, "password": PASSWORD}
    tokens = (await browser.post(f"{API}/auth/login", json=login)).json()
    browser.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    waiting = (await browser.get(f"{API}/me/identities/waiting")).json()
    assert waiting == {"provider": "test", "label": "Test provider", "email": owner.email}
    assert (await browser.post(f"{API}/me/identities/waiting")).status_code == 204
    assert (await browser.post(f"{API}/me/identities/waiting")).status_code == 404
    async with client_of(app) as elsewhere:
        await log_in(elsewhere)
        assert (await me(elsewhere))["id"] == str(owner.id)


async def test_what_waits_is_not_shown_in_another_browser(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    owner = await register(app, provider.person["email"])
    await log_in(browser)
    assert (await owner.client.get(f"{API}/me/identities/waiting")).status_code == 404
    assert (await owner.client.post(f"{API}/me/identities/waiting")).status_code == 404


@pytest.mark.parametrize("verified", [False, None, "false", 1])
async def test_an_unverified_address_makes_no_account(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider, verified: object
) -> None:
    provider.person["email_verified"] = verified
    assert landed(await log_in(browser))[1]["problem"] == "outside_email_unverified"
    await register(app, provider.person["email"])


async def test_an_unverified_address_does_not_wait_for_its_account(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    await register(app, provider.person["email"])
    provider.person["email_verified"] = False
    assert landed(await log_in(browser))[1]["problem"] == "outside_email_unverified"
    assert "armarium_waiting" not in browser.cookies


async def test_trust_in_addresses_does_not_outdo_a_plain_no(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    provider.person["email_verified"] = False
    refused = await log_in(browser, "trusting")
    assert landed(refused)[1]["problem"] == "outside_email_unverified"
    provider.person["email_verified"] = None
    assert landed(await log_in(browser, "trusting")) == ("/", {})


@pytest.mark.parametrize("fresh_app", [{"registration": "closed"}], indirect=True)
async def test_a_closed_server_takes_no_strangers(
    fresh_app: FastAPI, provider: OidcProvider
) -> None:
    async with client_of(fresh_app) as browser:
        # Nobody becomes its owner by being the first to come.
        assert landed(await log_in(browser))[1]["problem"] == "owner_first"
        assert landed(await log_in(browser, "creating"))[1]["problem"] == "owner_first"
        await register(fresh_app)
        assert landed(await log_in(browser))[1]["problem"] == "outside_no_account"
        assert landed(await log_in(browser, "creating")) == ("/", {})


@pytest.mark.parametrize("fresh_app", [{"registration": "invite"}], indirect=True)
async def test_an_invitation_opens_the_door_for_its_address(
    fresh_app: FastAPI, provider: OidcProvider
) -> None:
    admin = await register(fresh_app)
    address = provider.person["email"]
    async with client_of(fresh_app) as browser:
        assert landed(await log_in(browser))[1]["problem"] == "outside_no_account"
        body = {"email": address, "role": "moderator"}
        made = await admin.client.post(f"{API}/admin/invitations", json=body)
        assert made.status_code == 201, made.text
        token = made.json()["token"]
        provider.person["email"] = "eve@example.org"
        refused = await log_in(browser, invitation=token)
        assert landed(refused)[1]["problem"] == "invalid_invitation"
        provider.person["email"] = address
        assert landed(await log_in(browser, invitation=token)) == ("/", {})
        assert (await me(browser))["role"] == "moderator"


async def test_the_last_admin_stays_one(fresh_app: FastAPI, provider: OidcProvider) -> None:
    provider.person["groups"] = ["keepers"]
    async with client_of(fresh_app) as browser:
        assert landed(await log_in(browser, "grouped")) == ("/", {})
        assert (await me(browser))["is_admin"] is True
        provider.person["groups"] = []
        await log_in(browser, "grouped")
        assert (await me(browser))["is_admin"] is True


async def test_groups_become_roles_at_each_login(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    for groups, role in (
        (["helpers"], "moderator"),
        (["helpers", "keepers", "x"], "admin"),
        ("helpers", "moderator"),
        (["x"], "user"),
        ([{"a": 1}, None], "user"),
        (None, "user"),
    ):
        provider.person["groups"] = groups
        assert landed(await log_in(browser, "grouped")) == ("/", {})
        assert (await me(browser))["role"] == role
    provider.person["groups"] = ["keepers"]
    await log_in(browser)
    assert (await me(browser))["role"] == "user"


async def test_one_links_lists_and_unlinks(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    owner = await register(app)
    started = await owner.client.post(f"{API}/me/identities/test/link")
    assert started.status_code == 200, started.text
    back = await visit(started.json()["redirect_to"])
    assert landed(await owner.client.get(back)) == ("/settings", {})
    (linked,) = (await owner.client.get(f"{API}/me/identities")).json()
    assert (linked["provider"], linked["email"]) == ("test", provider.person["email"])
    await log_in(browser)
    assert (await me(browser))["id"] == str(owner.id)
    # A session that is known by its password may go back to it alone.
    gone = await owner.client.delete(f"{API}/me/identities/{linked['id']}")
    assert gone.status_code == 204
    assert (await owner.client.get(f"{API}/me/identities")).json() == []
    async with client_of(app) as elsewhere:
        await log_in(elsewhere)
        assert (await me(elsewhere))["id"] != str(owner.id)


async def test_an_identity_belongs_to_one_account(app: FastAPI, browser: AsyncClient) -> None:
    await log_in(browser)
    other = await register(app)
    started = await other.client.post(f"{API}/me/identities/test/link")
    back = await visit(started.json()["redirect_to"])
    assert landed(await other.client.get(back)) == ("/settings", {"problem": "identity_taken"})


async def test_the_last_way_in_stays(app: FastAPI, browser: AsyncClient) -> None:
    await log_in(browser)
    token = browser.cookies["armarium_access"]
    async with client_of(app, token) as person:
        (linked,) = (await person.get(f"{API}/me/identities")).json()
        refused = await person.delete(f"{API}/me/identities/{linked['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")
        begun = (await person.post(f"{API}/me/passkeys/options")).json()
        credential = Authenticator(BASE_URL).create(begun["public_key"])
        body = {"challenge": begun["challenge"], "credential": credential, "name": "Phone"}
        added = await person.post(f"{API}/me/passkeys", json=body)
        passkey = f"{API}/me/passkeys/{added.json()['passkey']['id']}"
        assert (await person.delete(f"{API}/me/identities/{linked['id']}")).status_code == 204
        refused = await person.delete(passkey)
        assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")
        stranger = await register(app)
        answer = await stranger.client.delete(f"{API}/me/identities/{linked['id']}")
        assert answer.status_code == 404


async def test_a_linking_is_bound_to_who_began_it(app: FastAPI, browser: AsyncClient) -> None:
    """Somebody cannot be made to link a stranger's identity: it goes to who began, or nowhere."""
    attacker, victim = await register(app), await register(app)
    started = await attacker.client.post(f"{API}/me/identities/test/link")
    back = await visit(started.json()["redirect_to"])
    assert landed(await victim.client.get(back))[1]["problem"] == "outside_login_expired"
    assert (await victim.client.get(f"{API}/me/identities")).json() == []


async def test_a_program_links_nothing(app: FastAPI) -> None:
    owner = await register(app)
    body = {"name": "script", "scopes": ["account:read", "account:write"]}
    made = await owner.client.post(f"{API}/me/api-keys", json=body)
    async with client_of(app, made.json()["secret"]) as program:
        for method, path in (
            ("POST", "test/link"),
            ("POST", "waiting"),
            ("GET", ""),
        ):
            answer = await program.request(method, f"{API}/me/identities/{path}".rstrip("/"))
            assert answer.json()["code"] == "session_required"


async def test_the_providers_own_session_can_be_ended(app: FastAPI, browser: AsyncClient) -> None:
    answer = await browser.get(f"{API}/auth/providers/test/logout")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["post_logout_redirect_uri"] == ["http://127.0.0.1:8400/login"]
    assert query["client_id"] == ["armarium-test"]


async def test_the_user_endpoint_speaks_of_the_same_person_only(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    """Token substitution: an access token of somebody else beside an honest ID token."""
    provider.id_token_changes = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "2", "email": "eve@example.org", "email_verified": True}
    assert landed(await log_in(browser))[1]["problem"] == "outside_answer_invalid"
    provider.userinfo = {"email": "late@example.org", "email_verified": True}
    assert landed(await log_in(browser)) == ("/", {})
    assert (await me(browser))["email"] == "late@example.org"


async def test_github_without_openid(
    app: FastAPI, browser: AsyncClient, provider: OidcProvider
) -> None:
    provider.emails = [
        {"email": "old@example.org", "primary": False, "verified": True},
        {"email": "octo@example.org", "primary": True, "verified": False},
    ]
    assert landed(await log_in(browser, "github"))[1]["problem"] == "outside_email_unverified"
    provider.emails[1]["verified"] = True
    assert landed(await log_in(browser, "github")) == ("/", {})
    assert (await me(browser))["email"] == "octo@example.org"


async def test_a_second_factor_is_asked_for_all_the_same(
    app: FastAPI, browser: AsyncClient
) -> None:
    from pyotp import TOTP  # noqa: PLC0415  # beside the one use

    await log_in(browser)
    token = browser.cookies["armarium_access"]
    async with client_of(app, token) as person:
        shared = (await person.post(f"{API}/me/second-factors/totp")).json()
        code = {"code": TOTP(shared["secret"]).now()}
        made = await person.post(f"{API}/me/second-factors/totp/confirm", json=code)
        assert made.is_success, made.text
        recovery = made.json()["recovery_codes"][0]
    async with client_of(app) as elsewhere:
        path, said = landed(await log_in(elsewhere))
        assert (path, said["problem"]) == ("/login", "second_factor_required")
        assert "armarium_access" not in elsewhere.cookies
        assert "totp" in said["methods"]
        body = {"challenge": said["challenge"], "recovery_code": recovery, "cookies": True}
        answer = await elsewhere.post(f"{API}/auth/login/second-factor", json=body)
        assert answer.is_success, answer.text
        methods = {each["method"] for each in (await elsewhere.get(f"{API}/me/sessions")).json()}
        assert "outside:test+recovery_code" in methods
