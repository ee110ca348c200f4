"""Logging in under attack: how long a person waits while strangers guess passwords.

Fifty connections send wrong passwords without a pause, from fifty addresses or from one, while a
person logs in again and again from an address of their own, and another one reads. Rate limits are
off, since they would end the attack after twenty guesses a minute and address: what is measured is
the line before the hashing.

    python bench/logins.py [--seconds 15]
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from _product import machine, product

EMAIL, PASSWORD = "ada@example.org", "Armarium-1867"
ATTACKERS = 50
PAUSE = 0.1


def client(address: str, source: str) -> httpx2.AsyncClient:
    """A program on an address of this machine; all of 127/8 is its own."""
    transport = httpx2.AsyncHTTPTransport(local_address=source)
    return httpx2.AsyncClient(base_url=address, transport=transport, timeout=60)


async def attack(http: httpx2.AsyncClient, number: int, counts: dict[int, int]) -> None:
    """Guess until cancelled, at another mailbox each time."""
    guess = 0
    while True:
        guess += 1
        body = {"email": f"x{number}-{guess}@example.org", "password": "Wrong-1867!"}
        answer = await http.post("/api/v1/auth/login", json=body)
        counts[answer.status_code] = counts.get(answer.status_code, 0) + 1


async def timed(http: httpx2.AsyncClient, until: float, **request: Any) -> list[float]:
    """Milliseconds of each successful request until then."""
    took: list[float] = []
    while time.perf_counter() < until:
        start = time.perf_counter()
        answer = await http.request(**request)
        took.append((time.perf_counter() - start) * 1000)
        assert answer.is_success, answer.text
        await asyncio.sleep(PAUSE)
    return took


def figures(took: list[float]) -> dict[str, float]:
    """Median and tail."""
    ordered = sorted(took)
    return {
        "n": len(ordered),
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "max_ms": round(ordered[-1], 1),
    }


async def scene(address: str, token: str, sources: list[str], seconds: float) -> dict[str, Any]:
    """One person logging in and one reading, while `sources` attack."""
    counts: dict[int, int] = {}
    attackers = [client(address, source) for source in sources]
    tasks = [asyncio.create_task(attack(each, n, counts)) for n, each in enumerate(attackers)]
    await asyncio.sleep(1 if tasks else 0)
    counts.clear()
    until = time.perf_counter() + seconds
    login = {"method": "POST", "url": "/api/v1/auth/login"}
    body = {"email": EMAIL, "password": PASSWORD}
    me = {"method": "GET", "url": "/api/v1/me", "headers": {"Authorization": f"Bearer {token}"}}
    async with client(address, "127.0.0.2") as person, client(address, "127.0.0.3") as reader:
        logins, reads = await asyncio.gather(
            timed(person, until, **login, json=body), timed(reader, until, **me)
        )
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, *(each.aclose() for each in attackers), return_exceptions=True)
    attempts = {str(status): round(n / seconds, 1) for status, n in sorted(counts.items())}
    return {"login": figures(logins), "read": figures(reads), "attempts_per_s": attempts}


async def measure(address: str, seconds: float) -> dict[str, Any]:
    """The same minute in peace, under one attacker and under fifty."""
    body = {"email": EMAIL, "password": PASSWORD}
    async with client(address, "127.0.0.4") as first:
        answer = await first.post("/api/v1/auth/register", json=body)
        token = answer.raise_for_status().json()["access_token"]
    many = [f"127.0.1.{number + 1}" for number in range(ATTACKERS)]
    return {
        "in_peace": await scene(address, token, [], seconds),
        "fifty_from_one_address": await scene(address, token, ["127.0.1.1"] * ATTACKERS, seconds),
        "fifty_from_fifty_addresses": await scene(address, token, many, seconds),
    }


def main() -> None:
    """Print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="armarium-logins-") as folder,
        product(Path(folder) / "data") as running,
    ):
        result = asyncio.run(measure(running.address, options.seconds))
    print(json.dumps({"machine": machine(), "attackers": ATTACKERS, **result}, indent=2))


if __name__ == "__main__":
    main()
