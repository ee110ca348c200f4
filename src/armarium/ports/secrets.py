"""Where an operator keeps passwords and keys, when not in the environment or in files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SecretVersions:
    """One secret: a mapping of settings (`secret_key`, `database_url`, `s3__secret_key`)."""

    current: Mapping[str, str]
    previous: Mapping[str, str]
    """What was current before, while it is still to be accepted; else empty."""


class SecretsUnavailable(Exception):
    """The manager does not answer, or has no such secret. The message holds no secret."""


class SecretManager(Protocol):
    """Implemented by adapters/secrets."""

    def read(self, name: str) -> SecretVersions:
        """Both versions of a secret.

        Raises:
            SecretsUnavailable: saying what to look at.
        """
        ...
