"""The secrets behind the tokens."""

import stat
import threading
from pathlib import Path

import pytest

from armarium.features.accounts import SigningKeys
from armarium.features.accounts.errors import InvalidToken
from armarium.kit.instants import now
from armarium.platform.database import Database
from armarium.platform.secret import ServerSecret, read_or_make


def keys_of(database: Database, secret: str) -> SigningKeys:
    return SigningKeys(
        database=database,
        secret=ServerSecret(value=secret, file=Path("/nonexistent")),
        issuer="https://armarium.test",
        audience="armarium",
    )


def claims() -> dict[str, object]:
    return {"sub": "1", "sid": "2", "exp": int(now().timestamp()) + 60}


async def test_processes_with_one_secret_share_one_key(database: Database) -> None:
    first, second = keys_of(database, "same"), keys_of(database, "same")
    token = await first.sign(claims())
    assert (await second.verify(token))["sub"] == "1"
    await second.sign(claims())
    assert len((await second.public_keys())["keys"]) == 1


async def test_a_copy_of_the_database_signs_nothing_of_ours(database: Database) -> None:
    ours, thief = keys_of(database, "ours"), keys_of(database, "guessed")
    kid = (await ours.public_keys())["keys"][0]["kid"]
    await ours.sign(claims())
    await thief.sign(claims())
    assert thief._signer is not None
    assert thief._signer.kid != kid


async def test_a_key_made_elsewhere_is_found_but_not_asked_for_again_and_again(
    database: Database,
) -> None:
    first, second = keys_of(database, "one"), keys_of(database, "two")
    await second.public_keys()
    token = await first.sign(claims())
    with pytest.raises(InvalidToken):
        await second.verify(token)
    second._loaded_at -= 60
    assert await second.verify(token)


def test_the_secret_is_private_and_the_first_one_stays(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secret"
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(read_or_make(file))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret"]
    one, other = ServerSecret(value=None, file=file), ServerSecret(value="given", file=file)
    assert one.derive("a") == ServerSecret(value=None, file=file).derive("a")
    assert one.derive("a") != one.derive("b")
    assert one.derive("a") != other.derive("a")
