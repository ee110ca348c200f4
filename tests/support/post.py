"""A mailbox on the test's desk: the folder mailer, and the worker's part done at once."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from armarium.entry.wiring import House
from armarium.features.accounts import Letters, SendLetter
from armarium.platform.workflows import Flows
from tests.support.api import Person

TOKEN = re.compile(r"#token=([\w-]+)")


class Post:
    """Letters that were asked for; they are sent when somebody looks."""

    def __init__(self, house: House) -> None:
        self._letters = house.get(Letters)
        self._folder: Path = house.settings.mail_folder
        self.asked: list[SendLetter] = []

    async def fetch(self) -> list[EmailMessage]:
        """Send what is waiting; gives what is new in the folder."""
        before = set(self._folder.glob("*.eml"))
        while self.asked:
            command = self.asked.pop(0)
            await self._letters.send(command.template, command.user_id, command.subject_id)
        files = sorted(set(self._folder.glob("*.eml")) - before)
        policy = email.policy.default
        return [email.message_from_bytes(file.read_bytes(), policy=policy) for file in files]

    async def token(self, to: str) -> str:
        """The one-time token of the one new letter to somebody."""
        found = [letter for letter in await self.fetch() if letter["To"] == to]
        assert len(found) == 1, [letter["Subject"] for letter in found]
        return token_of(found[0])


async def prove(person: Person, post: Post) -> None:
    """By the letter that the person asks for."""
    asked = await person.client.post("/api/v1/me/email/verification")
    assert asked.status_code == 202, asked.text
    body = {"token": await post.token(person.email)}
    proved = await person.client.post("/api/v1/auth/email/verify", json=body)
    assert proved.status_code == 204, proved.text


def token_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    match = TOKEN.search(body.get_content())
    assert match is not None, body.get_content()
    return match.group(1)


@contextmanager
def post_of(house: House) -> Iterator[Post]:
    """See what is enqueued, after it really was."""
    post, flows = Post(house), house.get(Flows)
    really = flows.enqueue

    async def enqueue(session: Any, command: Any, **options: Any) -> str:
        identifier = await really(session, command, **options)
        if isinstance(command, SendLetter):
            post.asked.append(command)
        return identifier

    flows.enqueue = enqueue  # type: ignore[method-assign]  # the test stands in for the worker
    try:
        yield post
    finally:
        flows.enqueue = really  # type: ignore[method-assign]
