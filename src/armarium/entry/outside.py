"""Wires login through other issuers, tokens of theirs, and our own issuer."""

from armarium.adapters.identity import HttpIssuerWire
from armarium.entry.house import House
from armarium.entry.settings import Settings
from armarium.entry.settings_identity import (
    GroupSettings,
    ProviderSettings,
    TrustedIssuerSettings,
)
from armarium.features import accounts
from armarium.platform.http.scopes import ApiScope
from armarium.platform.secret import ServerSecret
from armarium.ports.fetch import WebFetch
from armarium.ports.identity import IssuerWire

CALLBACK_PATH = "/auth/callback"


def outside_identity(house: House) -> None:
    """Providers, linked identities, and bearers of other issuers."""
    settings, database = house.settings, house.database
    wire = HttpIssuerWire(web=house.services[WebFetch], settings_urls=addresses_of(settings))
    issuers = house.add(accounts.Issuers(wire=house.services.setdefault(IssuerWire, wire)))
    people = house.add(
        accounts.OutsidePeople(
            database=database,
            registration=house.get(accounts.Registration),
            sessions=house.get(accounts.Sessions),
            mode=settings.registration,
        )
    )
    providers = providers_of(settings)
    house.add(
        accounts.OutsideLogins(
            database=database,
            issuers=issuers,
            people=people,
            logins=house.get(accounts.Logins),
            secret=house.get(ServerSecret),
            providers=providers,
            callback_url=settings.base_url + CALLBACK_PATH,
        )
    )
    house.add(accounts.OutsideLinks(database=database, providers=providers))
    house.get(accounts.Passkeys).issuers += [each.issuer for each in providers]
    bearer = accounts.OutsideBearer(
        issuers=issuers,
        people=people,
        trusted=[trusted_of(name, each) for name, each in settings.trusted_issuers.items()],
        scopes=[each.value for each in ApiScope],
    )
    house.get(accounts.Sessions).bearers.append(bearer)


def own_issuer(house: House) -> None:
    """Programs that log people in here."""
    settings, database = house.settings, house.database
    sessions = house.get(accounts.Sessions)
    house.add(
        accounts.Clients(database=database, sessions=sessions, dynamic=settings.dynamic_clients)
    )
    house.add(
        accounts.Authorizations(
            database=database,
            issuer=settings.base_url,
            scopes=[each.value for each in ApiScope],
        )
    )
    house.add(
        accounts.Grants(database=database, sessions=sessions, keys=house.get(accounts.SigningKeys))
    )


def addresses_of(settings: Settings) -> list[str]:
    """Of issuers, as the operator wrote them; GitHub's API stands on a host of its own."""
    trusted = settings.trusted_issuers.values()
    return [
        *(each.issuer for each in settings.identity_providers.values()),
        *(each.issuer for each in trusted),
        *(each.jwks_url for each in trusted if each.jwks_url),
    ]


def providers_of(settings: Settings) -> list[accounts.Provider]:
    """Login providers in the order of the settings."""
    return [_provider(name, each) for name, each in settings.identity_providers.items()]


def trusted_of(name: str, given: TrustedIssuerSettings) -> accounts.TrustedIssuer:
    """An issuer whose tokens count."""
    return accounts.TrustedIssuer(
        name=name,
        issuer=given.issuer,
        audience=frozenset(given.audience),
        jwks_url=given.jwks_url,
        accepts=given.token_use,
        groups=_groups(given),
        auto_create=given.auto_create,
        trust_email=given.trust_email,
        scope_prefix=given.scope_prefix,
    )


def _provider(name: str, given: ProviderSettings) -> accounts.Provider:
    secret = given.client_secret
    return accounts.Provider(
        name=name,
        label=given.label or name.capitalize(),
        kind=given.kind,
        issuer=given.issuer.rstrip("/") if given.kind == "github" else given.issuer,
        client_id=given.client_id,
        client_secret=None if secret is None else secret.get_secret_value(),
        scopes=given.wanted_scopes,
        groups=_groups(given),
        auto_create=given.auto_create,
        trust_email=given.trust_email,
        trust_second_factor=given.trust_second_factor,
    )


def _groups(given: GroupSettings) -> accounts.GroupRules:
    return accounts.GroupRules(given.groups_claim, dict(given.roles))
