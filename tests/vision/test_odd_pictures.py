"""Whatever a camera, a scanner or a joker sends ends in detections or in a refusal with a code."""

import asyncio

import cv2
import numpy as np
import pytest
import pyvips

from armarium.adapters.images import VipsImages
from armarium.adapters.inference import codec
from armarium.adapters.inference.tasks import Tasks
from armarium.adapters.inference.wire import Frame
from armarium.adapters.vision import photo
from armarium.kit.features import load_features
from armarium.ports.images import ImageRefused
from armarium.ports.inference import InputRefused
from armarium.ports.vision import Reference

RNG = np.random.default_rng(3)
NOISE = RNG.integers(0, 255, (180, 240, 3), np.uint8)
WIDE, TALL = 240, 180


def encoded(pixels: np.ndarray, suffix: str = ".png") -> bytes:
    return cv2.imencode(suffix, pixels)[1].tobytes()


def vips(pixels: np.ndarray = NOISE) -> pyvips.Image:
    return pyvips.Image.new_from_array(pixels)


def animated() -> bytes:
    frames = pyvips.Image.arrayjoin([vips(), vips(NOISE[::-1].copy())], across=1)
    frames = frames.copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", TALL)
    return frames.webpsave_buffer()


def paged() -> bytes:
    pages = pyvips.Image.arrayjoin([vips(), vips()], across=1).copy()
    pages.set_type(pyvips.GValue.gint_type, "page-height", TALL)
    return pages.tiffsave_buffer()


def cmyk() -> bytes:
    four = vips().copy(interpretation="srgb").colourspace("cmyk")
    return four.jpegsave_buffer()


def blank(height: int, width: int, value: int = 0) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


FINE = {
    "black": lambda: encoded(blank(300, 400)),
    "white": lambda: encoded(blank(300, 400, 255)),
    "flat, 20 megapixels": lambda: encoded(blank(4000, 5000, 77), ".jpg"),
    "sixteen pixels": lambda: encoded(blank(16, 16, 9)),
    "a ribbon": lambda: encoded(RNG.integers(0, 255, (40, 1200, 3), np.uint8)),
    "a thread": lambda: encoded(RNG.integers(0, 255, (1600, 16, 3), np.uint8)),
    "gray": lambda: encoded(NOISE[..., 0]),
    "16 bits": lambda: encoded(NOISE.astype(np.uint16) * 256),
    "16 bits gray": lambda: encoded(NOISE[..., 0].astype(np.uint16) * 256),
    "transparent": lambda: encoded(np.dstack([NOISE, NOISE[..., :1]])),
    "CMYK": cmyk,
    "animated WebP": animated,
    "TIFF of two pages": paged,
    "noise": lambda: encoded(NOISE),
}

REFUSED = {
    "one pixel": (lambda: encoded(blank(1, 1)), "image_too_small"),
    "200 times as long as wide": (lambda: encoded(blank(50, 10000)), "image_too_narrow"),
    "cut off": (lambda: encoded(NOISE, ".jpg")[:4000], "damaged_image"),
    "empty": (lambda: b"", "not_an_image"),
    "GIF": (lambda: b"GIF89a" + b"\0" * 60, "not_an_image"),
}


@pytest.mark.parametrize("name", FINE)
def test_an_odd_photo_gives_at_least_itself(name):
    found = photo.detect(FINE[name]())
    assert found.detections
    assert found.width >= 16
    assert found.height >= 16
    for each in found.detections:
        assert each.crop.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("name", ["sixteen pixels", "a ribbon", "a thread", "16 bits gray", "CMYK"])
def test_an_odd_crop_has_features_that_compare(name):
    tasks = Tasks()
    features = tasks.features(Frame({}, [FINE[name]()])).head["ok"]
    known = load_features(features)
    reference = Reference("it", known.phashes[0], known.embedding, known.local)
    heads, blobs = codec.dump_references([reference])
    request = Frame({"features": features, "references": heads}, blobs)
    (match,) = tasks.verify(request).head["ok"]
    assert match["hash_distance"] == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_hopeless_file_is_refused_by_name(name):
    make, code = REFUSED[name]
    with pytest.raises(InputRefused) as refused:
        photo.detect(make())
    assert refused.value.code == code
    assert refused.value.detail.endswith(".")


AS_STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: np.rot90,
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


@pytest.mark.parametrize("orientation", AS_STORED)
def test_every_way_a_camera_is_held_gives_the_same_things(orientation):
    upright = blank(600, 800, 200)
    upright[100:400, 150:350] = (40, 60, 160)
    image = vips(np.ascontiguousarray(AS_STORED[orientation](upright))).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    found = photo.detect(image.jpegsave_buffer(Q=95))
    assert (found.width, found.height) == (800, 600)
    (only,) = found.detections
    xs, ys = zip(*only.box, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((150, 350), abs=6)
    assert (min(ys), max(ys)) == pytest.approx((100, 400), abs=6)


THUMBNAILS_REFUSED = {
    "cut off": "broken_image",
    "empty": "unsupported_image",
    "GIF": "unsupported_image",
}


@pytest.mark.parametrize("name", [*FINE, *REFUSED])
def test_thumbnails_end_as_clearly(name):
    data = FINE[name]() if name in FINE else REFUSED[name][0]()
    engine = VipsImages(max_pixels=100_000_000)
    if name in THUMBNAILS_REFUSED:
        with pytest.raises(ImageRefused) as refused:
            asyncio.run(engine.render(data, [128]))
        assert refused.value.code == THUMBNAILS_REFUSED[name]
    else:
        made = asyncio.run(engine.render(data, [128]))
        assert max(made.pictures[128].width, made.pictures[128].height) <= 128
