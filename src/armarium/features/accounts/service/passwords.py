"""Argon2id in a thread, never more at once than the machine bears."""

from functools import partial

import anyio
from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

MEMORY_KIB = 47_104
"""46 MiB with one pass and one lane: the first of the equal choices of OWASP's cheat sheet."""
AT_ONCE = 2


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB) -> None:
        """`memory_kib` is lowered in tests only."""
        hasher = Argon2Hasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._hash = PasswordHash((hasher,))
        self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The PHC string to store."""
        return await run_sync(self._hash.hash, password, limiter=self._limiter)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether it fits, and a new hash where the stored one used other costs.

        Without a stored hash the same work is done against a hash of nobody's, so that an unknown
        address takes as long as a known one.
        """
        if stored is None:
            if self._nobody is None:
                self._nobody = await self.hash("nobody's password")
            await self._check(password, self._nobody)
            return False, None
        return await self._check(password, stored)

    async def _check(self, password: str, stored: str) -> tuple[bool, str | None]:
        check = partial(self._hash.verify_and_update, password, stored)
        try:
            return await run_sync(check, limiter=self._limiter)
        except PwdlibError:
            return False, None
