"""Wires the accounts room: where letters go, who may register, who needs a second factor."""

from datetime import timedelta

from armarium.adapters.mail import FolderMailer, SmtpMailer
from armarium.entry.doors import Routes
from armarium.entry.house import House
from armarium.entry.limiting import is_at_home
from armarium.entry.settings import Settings
from armarium.features import accounts
from armarium.features.accounts import workflows as accounts_workflows
from armarium.platform.cache import Cache
from armarium.platform.http.scopes import ApiScope
from armarium.platform.secret import ServerSecret
from armarium.platform.workflows import Flows
from armarium.ports.mailer import Mailer

routes = Routes("armarium.features.accounts")

AUDIENCE = "armarium"


def mailer_of(settings: Settings) -> Mailer:
    """The mail server of the settings, else the folder."""
    mail = settings.mail
    if mail.host is None:
        return FolderMailer(folder=settings.mail_folder, sender=mail.sender)
    return SmtpMailer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.sender,
        username=mail.username,
        password=None if mail.password is None else mail.password.get_secret_value(),
        timeout_seconds=mail.timeout_seconds,
    )


def accounts_room(house: House) -> None:
    """People, sessions, factors, keys and letters."""
    settings, database = house.settings, house.database
    house.services.setdefault(Mailer, mailer_of(settings))
    letters = house.add(
        accounts.Letters(
            database=database,
            mailer=house.services[Mailer],
            flows=house.get(Flows),
            site_url=settings.base_url,
        )
    )
    keys = _tokens(house)
    _registration(house, letters)
    _proving(house, letters)
    house.add(accounts.Devices(database=database, sessions=house.get(accounts.Sessions)))
    care = house.add(accounts.AccountCare(database=database, keys=keys))
    accounts_workflows.register(house.get(Flows), letters=letters, care=care)
    house.routers.append(routes.ROUTERS)


def _tokens(house: House) -> accounts.SigningKeys:
    settings, database, secret = house.settings, house.database, house.get(ServerSecret)
    lifetimes = accounts.Lifetimes(
        access=timedelta(minutes=settings.access_token_minutes),
        refresh=timedelta(days=settings.refresh_token_days),
    )
    rule = settings.widespread_passwords
    refused = rule == "refuse" or (rule == "auto" and not is_at_home(settings))
    house.add(accounts.Passwords(refuse_widespread=refused))
    house.add(accounts.Throttle(database=database))
    keys = house.add(
        accounts.SigningKeys(
            database=database,
            secret=secret,
            issuer=settings.base_url,
            audience=AUDIENCE,
            token_life=lifetimes.access,
        )
    )
    sessions = house.add(
        accounts.Sessions(
            database=database,
            keys=keys,
            secret=secret,
            cache=house.get(Cache),
            lifetimes=lifetimes,
        )
    )
    sessions.bearers.append(
        house.add(
            accounts.ApiKeys(
                database=database, cache=house.get(Cache), scopes=[each.value for each in ApiScope]
            )
        )
    )
    return keys


def _registration(house: House, letters: accounts.Letters) -> None:
    settings, database = house.settings, house.database
    passwords, sessions = house.get(accounts.Passwords), house.get(accounts.Sessions)
    throttle = house.get(accounts.Throttle)
    invitations = house.add(accounts.Invitations(database=database, letters=letters))
    house.add(
        accounts.Registration(
            database=database,
            passwords=passwords,
            invitations=invitations,
            letters=letters,
            mode=settings.registration,
            must_verify=settings.verify_email,
        )
    )
    house.add(
        accounts.Profiles(
            database=database,
            passwords=passwords,
            sessions=sessions,
            letters=letters,
            throttle=throttle,
        )
    )
    house.add(
        accounts.Recovery(
            database=database,
            passwords=passwords,
            sessions=sessions,
            letters=letters,
            throttle=throttle,
        )
    )


def _proving(house: House, letters: accounts.Letters) -> None:
    settings, database = house.settings, house.database
    passwords, sessions = house.get(accounts.Passwords), house.get(accounts.Sessions)
    throttle = house.get(accounts.Throttle)
    factors = house.add(
        accounts.Factors(
            database=database,
            secret=house.get(ServerSecret),
            sessions=sessions,
            letters=letters,
            throttle=throttle,
            rule=settings.require_second_factor,
        )
    )
    passkeys = house.add(accounts.Passkeys(database=database, factors=factors))
    logins = house.add(
        accounts.Logins(
            database=database,
            passwords=passwords,
            throttle=throttle,
            sessions=sessions,
            factors=factors,
            passkeys=passkeys,
            recovery=house.get(accounts.Recovery),
            letters=letters,
            must_verify=settings.verify_email,
        )
    )
    house.add(
        accounts.Proofs(
            database=database,
            passwords=passwords,
            throttle=throttle,
            sessions=sessions,
            factors=factors,
            passkeys=passkeys,
            logins=logins,
        )
    )
