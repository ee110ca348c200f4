"""Letters as .eml files, for a machine without a mail server: `armarium mail` reads them."""

import os
import secrets
from pathlib import Path

from anyio.to_thread import run_sync

from armarium.adapters.mail.message import message_of
from armarium.kit.instants import now
from armarium.ports.mailer import Letter, MailUnavailable

KEPT = 500


class FolderMailer:
    """Keeps the newest letters; they hold links that work, so the folder is private."""

    def __init__(self, *, folder: Path, sender: str, kept: int = KEPT) -> None:
        """The folder is made with the first letter."""
        self._folder = folder
        self._sender = sender
        self._kept = kept

    async def send(self, letter: Letter) -> None:
        """Write one file, whole or not at all, and forget the oldest beyond the limit."""
        content = message_of(letter, self._sender).as_bytes()
        try:
            await run_sync(self._write, content)
        except OSError as error:
            raise MailUnavailable(f"the letter cannot be written: {error}") from error

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = now().strftime("%Y%m%dT%H%M%S.%fZ")
        file = self._folder / f"{stamp}-{secrets.token_hex(3)}.eml"
        draft = file.with_suffix(".part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        draft.replace(file)
        for old in sorted(self._folder.glob("*.eml"))[: -self._kept]:
            old.unlink(missing_ok=True)
