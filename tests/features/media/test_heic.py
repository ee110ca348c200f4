"""HEIC, as phones write it, where the optional decoder is installed; and where it is not."""

import contextlib
import io
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from armarium.adapters.images import VipsImages, heic
from armarium.adapters.vision.image import decode_upright
from armarium.ports.images import ImageRefused
from armarium.ports.inference import InputRefused

RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    written = io.BytesIO()
    pillow_heif.from_pillow(image).save(written, quality=90, **options)
    return written.getvalue()


SMALL = photo(64, 48)


def turned() -> bytes:
    """Held upright: the phone says so in EXIF, and the container turns by it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return photo(exif=exif.tobytes())


def near(pixel: Any, color: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - color).max() < 25)


@pytest.fixture
def engine() -> VipsImages:
    return VipsImages(max_pixels=100_000_000)


async def test_a_photo_of_a_phone_becomes_thumbnails_in_its_colors(engine: VipsImages) -> None:
    made = await engine.render(photo(), (256, 128))
    assert (made.facts.format, made.facts.width, made.facts.height) == ("heic", 640, 480)
    shown = cv2.cvtColor(
        cv2.imdecode(np.frombuffer(made.pictures[256].data, np.uint8), cv2.IMREAD_COLOR),
        cv2.COLOR_BGR2RGB,
    )
    assert shown.shape == (192, 256, 3)
    assert near(shown[90, 40], RED)
    assert near(shown[90, 220], BLUE)


async def test_what_was_held_upright_is_upright(engine: VipsImages) -> None:
    made = await engine.render(turned(), (256,))
    assert (made.facts.width, made.facts.height) == (480, 640)
    assert (made.pictures[256].width, made.pictures[256].height) == (192, 256)


@pytest.mark.parametrize("size", [(640, 480), (501, 333)])
def test_the_eyes_see_what_the_thumbnails_show(size: tuple[int, int]) -> None:
    pixels, width, height = decode_upright(photo(*size))
    assert (width, height) == size
    assert pixels.shape == (size[1], size[0], 3)
    assert near(pixels[100, 50][::-1], RED)
    assert near(pixels[100, size[0] - 50][::-1], BLUE)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_half_a_photo_is_refused(engine: VipsImages, share: float) -> None:
    data = photo()
    cut = data[: int(len(data) * share)]
    with pytest.raises(ImageRefused) as refused:
        await engine.render(cut, (128,))
    assert refused.value.code == "broken_image"
    with pytest.raises(InputRefused, match="damaged"):
        decode_upright(cut)


async def test_the_size_is_known_before_anything_is_decoded() -> None:
    with pytest.raises(ImageRefused) as refused:
        await VipsImages(max_pixels=640 * 480 - 1).inspect(photo())
    assert refused.value.code == "too_many_pixels"


@given(places=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1))
@settings(max_examples=60, deadline=None)
async def test_whatever_is_in_the_file_it_is_read_or_refused(
    places: list[tuple[int, int]],
) -> None:
    data = bytearray(SMALL)
    for place, value in places:
        data[place % len(data)] = value
    with contextlib.suppress(ImageRefused):
        await VipsImages(max_pixels=1_000_000).render(bytes(data), (128,))


async def test_without_the_decoder_the_remedy_is_named(
    engine: VipsImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heic, "pillow_heif", None)
    with pytest.raises(ImageRefused, match="make heic") as refused:
        await engine.inspect(photo())
    assert refused.value.code == "heic_decoder_missing"
    with pytest.raises(InputRefused):
        decode_upright(photo())
