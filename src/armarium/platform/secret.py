"""The server's own secret, from which purposes derive keys; never stored in the database."""

import hashlib
import os
import secrets
from pathlib import Path

LENGTH = 32


class ServerSecret:
    """Given by a setting, or made once in a private file of the data folder."""

    def __init__(self, *, value: str | None, file: Path) -> None:
        """A fleet shares `value`; a single machine leaves it to the file."""
        self._value = value
        self._file = file

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (at most 16 characters), useless for any other."""
        if self._value is None:
            self._value = read_or_make(self._file)
        return hashlib.blake2b(
            self._value.encode(), digest_size=LENGTH, person=purpose.encode()
        ).digest()


def read_or_make(file: Path) -> str:
    """The text of a private file, written first where there is none; safe for two at once."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_urlsafe(LENGTH))
        try:
            # A link, not a rename: of two processes the first one's secret stays.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
