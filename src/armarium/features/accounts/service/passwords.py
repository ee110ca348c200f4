"""Argon2id in a thread, never more at once than the machine bears."""

import os
import time
from collections import OrderedDict
from functools import partial

from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from armarium.features.accounts.service.checks import check_password
from armarium.features.accounts.service.turns import Rank, Turns

MEMORY_KIB = 47_104
"""46 MiB with one pass and one lane: the first of the equal choices of OWASP's cheat sheet."""
MOST_AT_ONCE = 4
SUSPECT_AFTER = 2
SUSPECT_SECONDS = 900
REMEMBERED = 10_000


class Passwords:
    """Hashes and checks passwords; one core stays free for everybody else."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, refuse_widespread: bool = True) -> None:
        """`memory_kib` is lowered in tests only."""
        self._refuse_widespread = refuse_widespread
        hasher = Argon2Hasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._hash = PasswordHash((hasher,))
        self._turns = Turns(max(1, min(MOST_AT_ONCE, (os.cpu_count() or 1) - 1)))
        self._nobody: str | None = None
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, password: str, *, pointer: str = "/password") -> None:
        """Refuse what is no good password, naming each rule that it breaks.

        Raises:
            WeakPassword: at `pointer`.
        """
        check_password(password, pointer=pointer, refuse_widespread=self._refuse_widespread)

    async def refuse_if_full(self, place: str) -> None:
        """Refuse before the first question to the database, where a place floods us."""
        await self._turns.refuse_if_full(place)

    async def hash(self, password: str, *, place: str = "local") -> str:
        """The PHC string to store. Requests from one `place` wait behind each other."""
        async with self._turns.turn(place):
            return await run_sync(self._hash.hash, password)

    async def verify(
        self,
        password: str,
        stored: str | None,
        *,
        place: str = "local",
        is_known: bool = False,
    ) -> tuple[bool, str | None]:
        """Whether it fits, and a new hash where the stored one used other costs.

        Who logged in from this place before (`is_known`) goes before strangers.

        Without a stored hash the same work is done against a hash of nobody's, so that an unknown
        address takes as long as a known one.
        """
        if stored is None:
            if self._nobody is None:
                self._nobody = await self.hash("nobody's password", place=place)
            await self._check(password, self._nobody, place, self._rank(place))
            return False, None
        rank = Rank.KNOWN if is_known else self._rank(place)
        return await self._check(password, stored, place, rank)

    async def _check(
        self, password: str, stored: str, place: str, rank: Rank
    ) -> tuple[bool, str | None]:
        check = partial(self._hash.verify_and_update, password, stored)
        try:
            async with self._turns.turn(place, rank):
                fits, rehashed = await run_sync(check)
        except PwdlibError:
            fits, rehashed = False, None
        self._remember(place, fits=fits)
        return fits, rehashed

    def _rank(self, place: str) -> Rank:
        failures, at = self._failures.get(place, (0, 0.0))
        is_recent = time.monotonic() - at < SUSPECT_SECONDS
        return Rank.SUSPECT if failures >= SUSPECT_AFTER and is_recent else Rank.STRANGER

    def _remember(self, place: str, *, fits: bool) -> None:
        """Count failures in a row, of the last places in this process only: it orders, no more."""
        failures, _ = self._failures.pop(place, (0, 0.0))
        if not fits:
            self._failures[place] = (failures + 1, time.monotonic())
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)
