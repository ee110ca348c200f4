"""AWS Secrets Manager: one secret, a JSON object of settings; needs the extra `aws`.

A rotation makes a new version (`AWSCURRENT`) and keeps the old one as `AWSPREVIOUS`. For a day
after it both are given, so that what was made under the old one is still read; then the old one is
not asked for any more and may be deleted. Region and credentials come as for every AWS program.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from armarium.ports.secrets import SecretsUnavailable, SecretVersions

BOTH_FOR: Final = timedelta(hours=24)
KEPT_FOR: Final = timedelta(minutes=5)
MISSING: Final = "ResourceNotFoundException"


class AwsSecrets:
    """Implements `SecretManager`; answers are kept for five minutes."""

    def __init__(
        self,
        *,
        client: Any = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`client` and `clock` stand in for tests."""
        patient = Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 3})
        self._client: Any = client or boto3.client("secretsmanager", config=patient)
        self._clock = clock
        self._kept: dict[str, tuple[datetime, SecretVersions]] = {}

    def read(self, name: str) -> SecretVersions:
        """See the port."""
        if name in self._kept and self._clock() < self._kept[name][0]:
            return self._kept[name][1]
        current, made_at = self._version(name, "AWSCURRENT")
        if current is None or made_at is None:
            raise SecretsUnavailable(f"AWS Secrets Manager has no secret named {name}.")
        previous = None
        if self._clock() - made_at < BOTH_FOR:
            previous, _ = self._version(name, "AWSPREVIOUS")
        found = SecretVersions(current, previous or {})
        self._kept[name] = (self._clock() + KEPT_FOR, found)
        return found

    def _version(self, name: str, stage: str) -> tuple[Mapping[str, str] | None, datetime | None]:
        try:
            answer = self._client.get_secret_value(SecretId=name, VersionStage=stage)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == MISSING:
                return None, None
            raise SecretsUnavailable(f"AWS Secrets Manager refused {name}: {code}.") from error
        except BotoCoreError as error:
            kind = type(error).__name__
            raise SecretsUnavailable(f"AWS Secrets Manager does not answer ({kind}).") from error
        try:
            members = json.loads(answer["SecretString"])
            values = {str(key).lower(): str(value) for key, value in members.items()}
        except (KeyError, ValueError, AttributeError) as error:
            raise SecretsUnavailable(f"The secret {name} is no JSON object of settings.") from error
        return values, answer["CreatedDate"]
