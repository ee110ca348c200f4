"""Argon2id in a thread, never more at once than the machine bears."""

import os
from functools import partial

from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from armarium.features.accounts.service.turns import Turns

MEMORY_KIB = 47_104
"""46 MiB with one pass and one lane: the first of the equal choices of OWASP's cheat sheet."""
MOST_AT_ONCE = 4


class Passwords:
    """Hashes and checks passwords; one core stays free for everybody else."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB) -> None:
        """`memory_kib` is lowered in tests only."""
        hasher = Argon2Hasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._hash = PasswordHash((hasher,))
        self._turns = Turns(max(1, min(MOST_AT_ONCE, (os.cpu_count() or 1) - 1)))
        self._nobody: str | None = None

    async def hash(self, password: str, *, place: str = "local") -> str:
        """The PHC string to store. Requests from one `place` wait behind each other."""
        async with self._turns.turn(place):
            return await run_sync(self._hash.hash, password)

    async def verify(
        self, password: str, stored: str | None, *, place: str = "local"
    ) -> tuple[bool, str | None]:
        """Whether it fits, and a new hash where the stored one used other costs.

        Without a stored hash the same work is done against a hash of nobody's, so that an unknown
        address takes as long as a known one.
        """
        if stored is None:
            if self._nobody is None:
                self._nobody = await self.hash("nobody's password", place=place)
            await self._check(password, self._nobody, place)
            return False, None
        return await self._check(password, stored, place)

    async def _check(self, password: str, stored: str, place: str) -> tuple[bool, str | None]:
        check = partial(self._hash.verify_and_update, password, stored)
        try:
            async with self._turns.turn(place):
                return await run_sync(check)
        except PwdlibError:
            return False, None
