"""The inference process from outside: what callers see, and how it ends."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from bench import sheets

from armarium.adapters.inference import InferenceClient
from armarium.adapters.inference.server import InferenceServer
from armarium.adapters.inference.wire import BadFrame, Frame, read_frame
from armarium.adapters.text import minilm
from armarium.ports.embedding import TextEmbedder
from armarium.ports.inference import InferenceUnavailable, InputRefused
from armarium.ports.ocr import TextReader
from armarium.ports.vision import Reference, VisionModel


@pytest.fixture(scope="module")
async def client(tmp_path_factory):
    """A client of a server in this process, so that its lines count as covered."""
    path = tmp_path_factory.mktemp("run") / "inference.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(8)
    server = InferenceServer(threads=2, idle_s=600)
    running = asyncio.create_task(server.serve(listener))
    async with InferenceClient(socket=path, timeout_s=60) as client:
        yield client
    server.stop()
    await running
    listener.close()


@pytest.fixture(scope="module")
def photo() -> tuple[bytes, np.ndarray]:
    rng = np.random.default_rng(21)
    art = sheets.render_card(rng)
    return sheets.compose(rng, [("it", art)], "plain", size=(1000, 800)).jpeg(), art


async def test_a_photo_is_found_described_verified_and_read(client, photo):
    data, art = photo
    found = await client.detect(data)
    (first,) = found.detections
    assert first.region == "quad"
    features, reading = await asyncio.gather(client.features(first.crop), client.read(first.crop))
    assert features.model == client.feature_model
    assert reading.model == "pp-ocrv6-small"
    known = await client.features(cv2.imencode(".png", art)[1].tobytes())
    reference = Reference("it", known.phashes[0], known.embedding, known.local)
    (match,) = await client.verify(features, [reference])
    assert match.id == "it"
    assert match.score > 0.9
    assert await client.verify(features, []) == []


async def test_corners_drawn_by_hand(client, photo):
    data, _ = photo
    cut = await client.crop(data, ((10, 10), (300, 10), (300, 400), (10, 400)))
    assert cut.quality.width == 290
    with pytest.raises(InputRefused) as refused:
        await client.crop(data, ((0, 0), (0, 0), (0, 0), (0, 0)))
    assert refused.value.code == "bad_box"


async def test_texts_become_vectors_in_order(client):
    texts = [f"text {index}" for index in range(130)]
    vectors = await client.embed(texts)
    assert len(vectors) == 130
    assert len(vectors[0]) == client.dimensions == minilm.DIMENSIONS
    assert client.model == minilm.MODEL
    again = await client.embed([texts[129]])
    assert again[0] == pytest.approx(vectors[129], abs=0.08)
    assert await client.embed([]) == []


async def test_refusals_carry_their_code(client):
    with pytest.raises(InputRefused) as refused:
        await client.detect(b"no picture")
    assert refused.value.code == "not_an_image"
    with pytest.raises(InputRefused) as refused:
        await client.embed(["x" * 30_000])
    assert refused.value.code == "text_too_long"


async def test_unknown_tasks_and_broken_requests_are_answered(client):
    with pytest.raises(InputRefused, match="task"):
        await client._call({"task": "vision.guess"}, [])
    with pytest.raises(InferenceUnavailable):
        await client._call({"task": "vision.detect"}, [])


async def test_garbage_on_the_socket_harms_nobody(client, photo):
    reader, writer = await asyncio.open_unix_connection(str(client._socket))
    writer.write(b"\xff\xff\xff\xffGET / HTTP/1.1")
    await writer.drain()
    assert await reader.read() == b""
    writer.close()
    assert (await client.detect(photo[0])).detections


def test_the_client_is_each_of_the_ports():
    client = InferenceClient(socket=Path("/nowhere"))
    vision: VisionModel = client
    reader: TextReader = client
    embedder: TextEmbedder = client
    assert vision is reader is embedder


async def test_nobody_there_is_temporary(tmp_path):
    with pytest.raises(InferenceUnavailable):
        await InferenceClient(socket=tmp_path / "none.sock").embed(["x"])


async def test_frames_survive_the_wire_and_lies_do_not():
    async def parse(data: bytes) -> Frame:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_frame(reader)

    frame = Frame({"task": "x"}, [b"one", b"", b"three"])
    again = await parse(frame.encode())
    assert (again.head, list(again.blobs)) == ({"task": "x"}, [b"one", b"", b"three"])
    for lie in (b"", b"\0\0\0\2{}", frame.encode()[:-1], b"\0\0\0\x02[]", b"\xff" * 8):
        with pytest.raises(BadFrame):
            await parse(lie)


async def test_an_own_process_starts_serves_and_ends_with_its_owner():
    client = InferenceClient()
    vectors = await client.embed(["hello"])
    assert len(vectors[0]) == 384
    process = client._own._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert len(await client.embed(["again, after a crash"])) == 1
    second = client._own._process
    assert second.pid != process.pid
    await client.close()
    assert second.poll() is not None


def test_the_process_ends_when_idle_and_takes_a_waiting_socket(tmp_path):
    path = tmp_path / "i.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(4)
    fd = listener.fileno()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "armarium.entry.inference",
            "--fd",
            str(fd),
            "--idle-seconds",
            "0.4",
        ],
        pass_fds=(fd,),
    )
    vectors = asyncio.run(InferenceClient(socket=path).embed(["x"]))
    assert len(vectors) == 1
    assert process.wait(20) == 0
    assert path.exists()
    listener.close()


async def test_a_hanging_task_ends_the_process(tmp_path, monkeypatch):
    ended: list[int] = []
    released = threading.Event()

    def end(code: int) -> None:
        ended.append(code)
        raise SystemExit

    monkeypatch.setattr("armarium.adapters.inference.server.os._exit", end)
    server = InferenceServer(threads=1, task_limit_s=0.05)
    server._tasks.by_name["hang"] = lambda _: released.wait(60)
    try:
        with pytest.raises(SystemExit):
            await server._answer(Frame({"task": "hang"}))
    finally:
        released.set()
    assert ended == [70]


async def test_waiting_for_a_thread_is_not_hanging(monkeypatch):
    """The clock of a task ran while others had the thread, and ended a process that was well."""
    monkeypatch.setattr("armarium.adapters.inference.server.os._exit", sys.exit)
    server = InferenceServer(threads=1, task_limit_s=1)

    def work(_: Frame) -> Frame:
        time.sleep(0.2)
        return Frame({"done": True})

    server._tasks.by_name["work"] = work
    asked = [server._answer(Frame({"task": "work"})) for _ in range(8)]
    assert [answer.head for answer in await asyncio.gather(*asked)] == [{"done": True}] * 8


def test_it_starts_where_nobody_says_which_cores_are_ours(tmp_path):
    """macOS knows no affinity of processes."""
    code = (
        "import os; del os.sched_getaffinity; from armarium.entry.inference import main; "
        f"main(['--socket', {str(tmp_path / 'i.sock')!r}, '--idle-seconds', '0.1'])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
