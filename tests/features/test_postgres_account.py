"""As whom the server runs, on machines that this one is not."""

import os
import pwd
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from armarium.platform.postgres import FolderUnusable, account, binaries, tuning
from armarium.platform.processes import Account, alive, spawn


def nobody_known(number: int | str) -> pwd.struct_passwd:
    raise KeyError(number)


def test_an_ordinary_user_stays_themselves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: SimpleNamespace())
    assert account.server_account(tmp_path) is None
    assert account.initdb_account(None) is None


def test_a_container_user_without_a_name_is_told_what_to_add(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(pwd, "getpwuid", nobody_known)
    with pytest.raises(
        FolderUnusable, match=r"12345 has no entry in /etc/passwd.*armarium:x:12345"
    ):
        account.initdb_account(None)


def test_root_takes_an_id_that_nobody_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    taken = set(account.PRIVATE_IDS[:2])
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: uid if uid in taken else nobody_known(uid))
    chosen = account.PRIVATE_IDS[2]
    assert account.server_account(tmp_path / "missing") == Account(chosen, chosen)
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: SimpleNamespace())
    with pytest.raises(FolderUnusable, match="ordinary user"):
        account.server_account(tmp_path / "missing")
    monkeypatch.setattr(pwd, "getpwnam", nobody_known)
    with pytest.raises(FolderUnusable, match="needs the user nobody"):
        account.initdb_account(Account(1, 1))


def test_a_share_that_refuses_owners_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(FolderUnusable, match=r"may not hand .* CAP_CHOWN"):
        account.give(tmp_path, Account(1, 1))


def test_a_small_shared_memory_is_not_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container gives 64 MB, in which a parallel index build fails."""
    small = SimpleNamespace(total=64 * tuning.MEBI)
    monkeypatch.setattr(tuning.shutil, "disk_usage", lambda _path: small)
    assert tuning.server_settings(Path("x"))["dynamic_shared_memory_type"] == "mmap"

    def missing(_path: str) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(tuning.shutil, "disk_usage", missing)
    assert tuning.server_settings(Path("x"))["dynamic_shared_memory_type"] == "mmap"


def test_a_zombie_is_not_alive() -> None:
    """PID 1 of a container may never reap, so a signal of 0 lies."""
    child = spawn(["/bin/true"], death_signal=9)
    pid = child.pid
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    os.kill(pid, 0)
    assert not alive(pid)
    child.wait()
    assert alive(os.getpid())


def test_a_child_whose_parent_is_already_gone_does_not_begin(tmp_path: Path) -> None:
    """The parent may die between fork and prctl; then nobody would ever end the child."""
    mark = tmp_path / "mark"
    child = spawn(["/bin/sh", "-c", f"echo > {mark}"], death_signal=9)
    assert child.wait() == 0
    assert mark.exists()
    mark.unlink()
    orphan = [*child.args]
    orphan[orphan.index(str(os.getpid()))] = "1"
    assert subprocess.run(orphan, check=False).returncode == 113
    assert not mark.exists()


def test_a_copy_of_the_server_that_lost_files_is_made_anew(tmp_path: Path) -> None:
    """The system takes old files out of /tmp, and the folder that was left was taken for whole."""
    source = binaries.Binaries(tmp_path / "wheel")
    whole = {name: tmp_path / "wheel" / name for name in binaries.PROGRAMS}
    library = f"{binaries.FOLDERS[0]}/postgresql/vector.so"
    for path in (*whole.values(), tmp_path / "wheel" / library):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("code")
    copy = binaries.copied_to(tmp_path, source)
    assert (copy.root / library).read_text() == "code"
    seen = (copy.root / library).stat().st_ino, copy.root.stat().st_ino
    assert binaries.copied_to(tmp_path, source) == copy
    assert ((copy.root / library).stat().st_ino, copy.root.stat().st_ino) == seen
    (copy.root / library).unlink()
    assert binaries.copied_to(tmp_path, source) == copy
    assert (copy.root / library).read_text() == "code"
    copy.program("initdb").write_text("")
    assert binaries.copied_to(tmp_path, source).program("initdb").read_text() == "code"
