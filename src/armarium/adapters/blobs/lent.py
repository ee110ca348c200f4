"""Keys that AWS lends a process by its role, in place of keys of its own; needs the extra `aws`.

They end after some hours and are renewed in time, so they are asked for anew at each use. A link or
form that was signed with them ends with them, at the earliest ten minutes after it was made.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import boto3

from armarium.adapters.blobs.s3 import S3Keys

RENEWED: Final = timedelta(minutes=5)
"""How long the store uses what it was given before it asks again; asking is free until they end."""


class NoRole(Exception):
    """AWS lends this process no keys: no role, no variables, no profile."""


def lent_keys(*, session: Any = None) -> Callable[[], S3Keys]:
    """How to ask for the keys of now; `session` stands in for tests. May block for a second.

    Raises:
        NoRole: when there are none.
    """
    credentials: Any = (session or boto3.Session()).get_credentials()
    if credentials is None:
        raise NoRole

    def now_valid() -> S3Keys:
        keys = credentials.get_frozen_credentials()
        return S3Keys(keys.access_key, keys.secret_key, keys.token or "", lives=RENEWED)

    return now_valid
