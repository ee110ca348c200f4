"""Secrets that change while the process runs: read again, and handed to those who hold them.

Only credentials are taken over, never another setting, and only where the source still gives one: a
secret that disappears is a mistake more often than a wish. The database's URL and the bucket's keys
stand in open connections, so those need a start.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog
from pydantic import SecretStr, ValidationError

from armarium.adapters.mail import SmtpMailer
from armarium.entry.house import House
from armarium.entry.settings import Settings
from armarium.features import accounts
from armarium.platform.secret import ServerSecret
from armarium.ports.mailer import Mailer

log = structlog.get_logger("armarium.secrets")

Taker = Callable[[Settings], bool]
"""Takes over what is its own; says whether it was new."""


class Renewal:
    """Looks at the sources every so many seconds, for as long as the process lives."""

    def __init__(
        self, *, read: Callable[[], Settings], takers: dict[str, Taker], seconds: float
    ) -> None:
        """`read` is called in a thread; 0 `seconds` never looks."""
        self._read = read
        self._takers = takers
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        if self._seconds > 0 and self._task is None:
            self._task = asyncio.create_task(self._forever())

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def look(self) -> list[str]:
        """Read once; gives what was renewed. What cannot be read leaves everything as it is."""
        try:
            fresh = await asyncio.to_thread(self._read)
        except (SystemExit, ValidationError, OSError) as error:
            # Of a validation error only the kind is said: its text quotes the value.
            reason = str(error) if isinstance(error, SystemExit) else type(error).__name__
            log.warning("secrets_not_read", operation="secrets", reason=reason)
            return []
        renewed = [name for name, take in self._takers.items() if take(fresh)]
        if renewed:
            log.info("secrets_renewed", operation="secrets", secrets=renewed)
        return renewed

    async def _forever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self.look()


def renewing(house: House) -> None:
    """Wire the renewal of this house's secrets."""
    secret, logins = house.get(ServerSecret), house.get(accounts.OutsideLogins)
    mailer = house.services[Mailer]

    def server(fresh: Settings) -> bool:
        value = _revealed(fresh.secret_key)
        return value is not None and secret.adopt(value, _revealed(fresh.secret_key_previous))

    def mail(fresh: Settings) -> bool:
        password = _revealed(fresh.mail.password)
        if password is None or not isinstance(mailer, SmtpMailer):
            return False
        return mailer.renew(fresh.mail.username, password)

    def providers(fresh: Settings) -> bool:
        given = {
            name: value
            for name, each in fresh.identity_providers.items()
            if (value := _revealed(each.client_secret)) is not None
        }
        return logins.renew_secrets(given)

    renewal = house.add(
        Renewal(
            read=lambda: Settings(data=house.settings.data),
            takers={"server": server, "mail": mail, "identity_providers": providers},
            seconds=house.settings.secrets_reload_seconds,
        )
    )
    house.starts.append(renewal.start)
    house.stops.append(renewal.stop)


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
