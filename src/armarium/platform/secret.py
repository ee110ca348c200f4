"""The server's own secret, from which purposes derive keys; never stored in the database."""

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LENGTH = 32


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A derived key with a name that tells it from an older one, and nothing else."""

    name: str
    key: bytes


class ServerSecret:
    """Given by a setting, or made once in a private file of the data folder.

    The file's first line is the secret of today; older ones may stand below it until all that
    they protect has been wrapped again.
    """

    def __init__(self, *, value: str | None, file: Path, previous: str | None = None) -> None:
        """A fleet shares `value` (and, while it changes, `previous`); else a file holds them."""
        self._file = file
        self._is_given = value is not None
        given = (value, previous) if value is not None else ()
        self._values: tuple[str, ...] = tuple(each for each in given if each)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (at most 16 characters), useless for any other."""
        return _derive(self._known()[0], purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """The same by the secret of today, then by older ones: what they made is still read."""
        return tuple(_derive(value, purpose) for value in self._known())

    def wrapping_keys(self, purpose: str) -> tuple[WrappingKey, ...]:
        """A purpose's key by the secret of today, then by older ones."""
        return tuple(
            WrappingKey(_derive(value, "key-name").hex()[:12], _derive(value, purpose))
            for value in self._known()
        )

    @property
    def is_given(self) -> bool:
        """Whether a setting holds it: then the operator changes it there."""
        return self._is_given

    def adopt(self, value: str, previous: str | None) -> bool:
        """Take over a value that the operator changed while we run; whether it is a new one.

        What we knew is still read until the next start, so that nothing made a moment ago is lost.
        A value of our own file is not replaced: that one the operator changes by a command.
        """
        if not self._is_given or value == self._values[0]:
            return False
        known = (value, previous, *self._values)
        self._values = tuple(dict.fromkeys(each for each in known if each))
        return True

    def reload(self) -> bool:
        """Read the file again, as another process may have changed it; whether it had."""
        if self._is_given:
            return False
        before, self._values = self._values, read_or_make(self._file)
        return before != self._values

    @property
    def has_older(self) -> bool:
        """Whether an older secret is still at hand."""
        return len(self._known()) > 1

    def renew(self) -> None:
        """Put a new secret on top of the file; running processes learn it when they start again."""
        write(self._file, (secrets.token_urlsafe(LENGTH), *self._known()))
        self._values = read_or_make(self._file)

    def forget_older(self) -> None:
        """Only the secret of today stays in the file."""
        write(self._file, self._known()[:1])
        self._values = read_or_make(self._file)

    def _known(self) -> tuple[str, ...]:
        if not self._values:
            self._values = read_or_make(self._file)
        return self._values


def _derive(value: str, purpose: str) -> bytes:
    return hashlib.blake2b(value.encode(), digest_size=LENGTH, person=purpose.encode()).digest()


def read_or_make(file: Path) -> tuple[str, ...]:
    """The lines of a private file, written first where there is none; safe for two at once."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        draft = _draft(file, (secrets.token_urlsafe(LENGTH),))
        try:
            # A link, not a rename: of two processes the first one's secret stays.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return tuple(line.strip() for line in file.read_text().splitlines() if line.strip())


def write(file: Path, lines: Sequence[str]) -> None:
    """Replace a private file at once, or not at all."""
    _draft(file, lines).replace(file)


def _draft(file: Path, lines: Sequence[str]) -> Path:
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write("\n".join(lines))
    return draft
