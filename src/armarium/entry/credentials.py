"""Where the command line keeps its login: a private file, one server at a time."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from armarium.entry.terminal import NOT_LOGGED_IN, CommandError

EARLY_SECONDS = 30


@dataclass(slots=True)
class Login:
    """Tokens of one server; `expires_at` in seconds of the epoch."""

    url: str
    email: str
    access_token: str
    refresh_token: str
    expires_at: float
    client_id: str = ""
    """The program that the tokens were given to, where one logged in by the browser."""

    @property
    def is_stale(self) -> bool:
        """Whether the access token needs a refresh before it is used."""
        return time.time() > self.expires_at - EARLY_SECONDS

    def renew(self, tokens: dict[str, Any]) -> None:
        """Take the next pair."""
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens["refresh_token"]
        self.expires_at = time.time() + tokens["expires_in"]


def file_of_login() -> Path:
    """`ARMARIUM_LOGIN_FILE`, else below the user's configuration folder."""
    if given := os.environ.get("ARMARIUM_LOGIN_FILE"):
        return Path(given)
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "armarium" / "login.json"


def load() -> Login | None:
    """The stored login, if there is one that can be read."""
    try:
        return Login(**json.loads(file_of_login().read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(
            f"The stored login cannot be read ({error}). Run `armarium login` again.",
            code=NOT_LOGGED_IN,
        ) from error


def check_writable() -> None:
    """Refuse before a server makes a session that could not be kept here."""
    _write(file_of_login(), "").unlink()


def save(login: Login) -> None:
    """Store it, readable for this user only, never half written."""
    file = file_of_login()
    _write(file, json.dumps(asdict(login))).replace(file)


def _write(file: Path, text: str) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(text)
    except OSError as error:
        raise CommandError(
            f"The login cannot be kept in {file} ({error.strerror}). Set ARMARIUM_LOGIN_FILE, or "
            "use ARMARIUM_TOKEN."
        ) from error
    return draft


def forget() -> None:
    """Remove the stored login."""
    file_of_login().unlink(missing_ok=True)
