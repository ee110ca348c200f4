"""Tokens of a Cognito user pool (rows B02, B05, B08), as moto makes them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from fastapi import FastAPI
from moto.server import ThreadedMotoServer

from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import client_of, make_house, register, running_app

pytestmark = pytest.mark.anyio
REGION = "eu-central-1"
PASSWORD = "Armarium-1867"
EMAIL = "ada@example.org"


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool with one person, who is in the group of keepers."""

    id: str
    client_id: str
    other_client_id: str
    endpoint: str
    tokens: dict[str, str]
    other_tokens: dict[str, str]

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{REGION}.amazonaws.com/{self.id}"

    @property
    def jwks_url(self) -> str:
        return f"{self.endpoint}/{self.id}/.well-known/jwks.json"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    cognito: Any = boto3.client(
        "cognito-idp",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    try:
        pool_id = cognito.create_user_pool(
            PoolName="collectors", UsernameAttributes=["email"], AutoVerifiedAttributes=["email"]
        )["UserPool"]["Id"]
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=EMAIL,
            UserAttributes=[{"Name": "email_verified", "Value": "true"}],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool_id, Username=EMAIL, Password=PASSWORD, Permanent=True
        )
        cognito.create_group(UserPoolId=pool_id, GroupName="keepers")
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=EMAIL, GroupName="keepers")
        clients = [
            cognito.create_user_pool_client(
                UserPoolId=pool_id,
                ClientName=name,
                ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
            )["UserPoolClient"]["ClientId"]
            for name in ("armarium", "another")
        ]
        tokens = [
            cognito.admin_initiate_auth(
                UserPoolId=pool_id,
                ClientId=client,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": EMAIL, "PASSWORD": PASSWORD},
            )["AuthenticationResult"]
            for client in clients
        ]
        yield Pool(pool_id, *clients, endpoint, *tokens)
    finally:
        server.stop()


@pytest.fixture
async def app(
    database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory, pool: Pool
) -> AsyncIterator[FastAPI]:
    house = make_house(
        database_urls,
        tmp_path_factory.mktemp("data"),
        trusted_issuers={
            "cognito": {
                "issuer": pool.issuer,
                "jwks_url": pool.jwks_url,
                "audience": [pool.client_id],
                "auto_create": True,
                "trust_email": True,
                "groups_claim": "cognito:groups",
                "roles": {"keepers": "moderator"},
            }
        },
    )
    async with running_app(house) as running:
        await register(running)
        yield running


async def test_id_and_access_tokens_of_the_pool_count(app: FastAPI, pool: Pool) -> None:
    """The ID token, which knows the address, makes the account; the access token finds it."""
    async with client_of(app, pool.tokens["AccessToken"]) as program:
        assert (await program.get("/api/v1/me")).status_code == 401
    async with client_of(app, pool.tokens["IdToken"]) as program:
        first = await program.get("/api/v1/me")
        assert first.status_code == 200, first.text
        assert first.json()["email"] == EMAIL
        assert first.json()["role"] == "moderator"
    async with client_of(app, pool.tokens["AccessToken"]) as program:
        again = await program.get("/api/v1/me")
        assert again.json()["id"] == first.json()["id"]
        assert (await program.get("/api/v1/items")).json() == []


async def test_tokens_for_another_client_do_not(app: FastAPI, pool: Pool) -> None:
    for token in (pool.other_tokens["IdToken"], pool.other_tokens["AccessToken"]):
        async with client_of(app, token) as program:
            answer = await program.get("/api/v1/me")
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
