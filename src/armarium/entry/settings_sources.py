"""Settings from other places than variables: files named by variables, and a secrets manager."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, EnvSettingsSource

PREFIX = "ARMARIUM_"
FILE = "_FILE"
MANAGER = "ARMARIUM_SECRETS"
PREVIOUS = "secret_key"
"""The one setting whose old value is still read after a rotation."""


class SecretFiles(EnvSettingsSource):
    """`ARMARIUM_DATABASE_URL_FILE=/run/secrets/database_url`: the value is what the file holds."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {
            name[: -len(FILE)].lower(): _content(name, path)
            for name, path in os.environ.items()
            if name.startswith(PREFIX) and name.endswith(FILE) and self._is_setting(name)
        }

    def _is_setting(self, name: str) -> bool:
        """`ARMARIUM_LOGIN_FILE` and the like name a file for itself, not a setting's value."""
        field = name[len(PREFIX) : -len(FILE)].lower().split("__")[0]
        return field in self.settings_cls.model_fields


class ManagedSecrets(EnvSettingsSource):
    """`ARMARIUM_SECRETS=aws:NAME`: a JSON object of settings in AWS Secrets Manager."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        place = os.environ.get(MANAGER)
        if not place:
            return {}
        kind, _, name = place.partition(":")
        if kind != "aws" or not name:
            raise SystemExit(f"{MANAGER}={place} is not known; write aws:NAME-OF-THE-SECRET.")
        return _managed(name)


def _managed(name: str) -> dict[str, str | None]:
    from armarium.ports.secrets import SecretsUnavailable  # noqa: PLC0415  # only where it is set

    try:
        from armarium.adapters.secrets.aws import AwsSecrets  # noqa: PLC0415  # an optional library

        versions = AwsSecrets().read(name)
    except SecretsUnavailable as error:
        raise SystemExit(str(error)) from error
    except ModuleNotFoundError as error:
        raise SystemExit("ARMARIUM_SECRETS=aws:… needs `pip install armarium[aws]`.") from error
    found: dict[str, str | None] = {
        f"{PREFIX}{key}".lower(): value for key, value in versions.current.items()
    }
    if PREVIOUS in versions.previous:
        found.setdefault(f"{PREFIX}{PREVIOUS}_previous".lower(), versions.previous[PREVIOUS])
    return found


def _content(name: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text().strip()
    except (OSError, UnicodeDecodeError, RuntimeError) as error:
        raise SystemExit(f"{name}: {path} cannot be read ({type(error).__name__}).") from error


def sources(settings: type[BaseSettings]) -> tuple[EnvSettingsSource, EnvSettingsSource]:
    """In the order in which they win."""
    return SecretFiles(settings), ManagedSecrets(settings)
