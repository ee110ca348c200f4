"""From an authorization code to a person: the token endpoint and what it leads to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from armarium.features.accounts.errors import (
    InvalidToken,
    OutsideAnswerInvalid,
    OutsideLoginRefused,
    ProviderUnavailable,
)
from armarium.features.accounts.service.outside.claims import check_common, check_id_token
from armarium.features.accounts.service.outside.issuers import OutsidePerson, Provider
from armarium.features.accounts.service.outside.remote import Issuers, Metadata
from armarium.ports.identity import IssuerAnswer, IssuerUnavailable

OK = 200
BAD_REQUEST = 400
SERVER_ERROR = 500


async def exchange(
    issuers: Issuers,
    provider: Provider,
    metadata: Metadata,
    *,
    code: str,
    verifier: str,
    nonce: str,
    redirect_uri: str,
) -> OutsidePerson:
    """Trade a code and say whose it is.

    Raises:
        OutsideLoginRefused: the provider does not take the code.
        OutsideAnswerInvalid: the answer does not belong to this login.
        ProviderUnavailable: nothing sensible came back.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    try:
        tokens = await _ask(issuers, provider, metadata, fields)
        if provider.kind == "github":
            access_token = _text(tokens.get("access_token"))
            claims = await _github_claims(issuers, provider, metadata, access_token)
        else:
            claims = await _oidc_claims(issuers, provider, metadata, tokens=tokens, nonce=nonce)
    except IssuerUnavailable as error:
        raise ProviderUnavailable from error
    except InvalidToken as error:
        raise OutsideAnswerInvalid from error
    return OutsidePerson.of_claims(
        claims,
        provider=provider.name,
        issuer=metadata.issuer,
        groups=provider.groups,
        trust_email=provider.trust_email,
    )


async def _ask(
    issuers: Issuers, provider: Provider, metadata: Metadata, fields: Mapping[str, str]
) -> dict[str, Any]:
    secret, basic = provider.client_secret, None
    sent = dict(fields)
    if secret is None or metadata.takes_post_secret:
        sent["client_id"] = provider.client_id
        sent |= {} if secret is None else {"client_secret": secret}
    else:
        basic = (quote(provider.client_id, safe=""), quote(secret, safe=""))
    answer = await issuers.wire.post(metadata.token_url, sent, basic=basic)
    members = answer.members
    if BAD_REQUEST <= answer.status < SERVER_ERROR or "error" in members:
        raise OutsideLoginRefused
    _demand_ok(answer, metadata.token_url)
    return members


async def _oidc_claims(
    issuers: Issuers,
    provider: Provider,
    metadata: Metadata,
    *,
    tokens: Mapping[str, Any],
    nonce: str,
) -> dict[str, Any]:
    """Of the ID token, completed by the user endpoint where that knows more."""
    id_token, access_token = tokens.get("id_token"), _text(tokens.get("access_token"))
    if not isinstance(id_token, str):
        raise InvalidToken
    claims, header = await issuers.keys_of(provider).claims(id_token)
    check_common(claims, metadata.issuer)
    check_id_token(
        claims,
        header,
        client_id=provider.client_id,
        nonce=nonce,
        access_token=access_token,
    )
    lacks = "email" not in claims or (
        provider.groups.roles and provider.groups.groups_claim not in claims
    )
    if lacks and metadata.userinfo_url is not None and access_token is not None:
        answer = await issuers.wire.get(metadata.userinfo_url, bearer=access_token)
        more = answer.members if answer.status == OK else {}
        if more and more.get("sub") != claims["sub"]:
            raise InvalidToken
        claims = {**more, **claims}
    return claims


async def _github_claims(
    issuers: Issuers, provider: Provider, metadata: Metadata, access_token: str | None
) -> dict[str, Any]:
    """GitHub has no ID token; its REST API says who holds the access token."""
    url = metadata.userinfo_url
    if access_token is None or url is None:
        raise InvalidToken
    answer = await issuers.wire.get(url, bearer=access_token)
    _demand_ok(answer, url)
    person = answer.members
    number = person.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise InvalidToken
    claims: dict[str, Any] = {
        "sub": str(number),
        "name": person.get("name") or person.get("login"),
    }
    emails = await issuers.wire.get(f"{url}/emails", bearer=access_token)
    for each in _objects(emails):
        if each.get("primary") is True and each.get("verified") is True:
            claims |= {"email": each.get("email"), "email_verified": True}
    if provider.groups.roles:
        orgs = await issuers.wire.get(f"{url}/orgs", bearer=access_token)
        claims[provider.groups.groups_claim] = [each.get("login") for each in _objects(orgs)]
    return claims


def _objects(answer: IssuerAnswer) -> list[dict[str, Any]]:
    listed = answer.json() if answer.status == OK else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _demand_ok(answer: IssuerAnswer, url: str) -> None:
    if answer.status != OK:
        raise IssuerUnavailable(f"{url} answered {answer.status}")
