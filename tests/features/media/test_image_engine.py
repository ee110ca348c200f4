"""What the image engine makes of honest and of hostile bytes."""

from collections.abc import Callable
from typing import Any

import pytest
import pyvips

from armarium.adapters.images import VipsImages
from armarium.ports.images import ImageRefused
from tests.support import pictures
from tests.support.pictures import noise

SIDES = (128, 256, 512)


@pytest.fixture(scope="module")
def engine() -> VipsImages:
    return VipsImages(max_pixels=100_000_000)


def opened(data: bytes) -> Any:
    return pyvips.Image.new_from_buffer(data, "")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda image: image.jpegsave_buffer(), "jpeg"),
        (lambda image: image.pngsave_buffer(), "png"),
        (lambda image: image.webpsave_buffer(), "webp"),
        (lambda image: image.tiffsave_buffer(), "tiff"),
        (lambda image: image.tiffsave_buffer(compression="lzw", tile=True), "tiff"),
        (lambda image: image.colourspace("cmyk").jpegsave_buffer(), "jpeg"),
        (lambda image: image.colourspace("rgb16").pngsave_buffer(), "png"),
        (lambda image: image.colourspace("b-w").pngsave_buffer(), "png"),
        (lambda image: image.bandjoin(100).pngsave_buffer(), "png"),
        (lambda image: image.icc_export(output_profile="p3").jpegsave_buffer(), "jpeg"),
    ],
    ids=["jpeg", "png", "webp", "tiff", "tiled", "cmyk", "16-bit", "gray", "alpha", "wide-gamut"],
)
async def test_every_kind_becomes_plain_webp(
    engine: VipsImages, make: Callable[[Any], bytes], kind: str
) -> None:
    made = await engine.render(make(noise(600, 400)), SIDES)
    assert (made.facts.format, made.facts.width, made.facts.height) == (kind, 600, 400)
    for side, size in {128: (128, 85), 256: (256, 171), 512: (512, 341)}.items():
        thumbnail = opened(made.pictures[side].data)
        assert made.pictures[side].data[8:12] == b"WEBP"
        assert (thumbnail.width, thumbnail.height) == size
        assert (made.pictures[side].width, made.pictures[side].height) == size
        assert (thumbnail.interpretation, thumbnail.format) == ("srgb", "uchar")
    assert made.placeholder.startswith("data:image/webp;base64,")
    assert len(made.placeholder) < 400


async def test_colors_are_converted_not_just_relabeled(engine: VipsImages) -> None:
    red: Any = pyvips.Image.black(64, 64).linear(0, [255, 0, 0]).cast("uchar")
    red = red.copy(interpretation="srgb")
    wide = red.icc_transform("p3", input_profile="srgb").jpegsave_buffer(Q=100)
    assert opened(wide).getpoint(5, 5)[0] < 245, "the file's own numbers are Display P3"
    made = await engine.render(wide, (64,))
    shown = opened(made.pictures[64].data).getpoint(5, 5)
    assert shown[0] > 248
    assert max(shown[1:3]) < 12


async def test_small_pictures_are_not_enlarged(engine: VipsImages) -> None:
    made = await engine.render(pictures.picture(60, 40), SIDES)
    assert {(each.width, each.height) for each in made.pictures.values()} == {(60, 40)}


@pytest.mark.parametrize("size", [(1, 1), (20_000, 1), (1, 3000)])
async def test_odd_shapes(engine: VipsImages, size: tuple[int, int]) -> None:
    made = await engine.render(pyvips.Image.black(*size).pngsave_buffer(), SIDES)
    assert (made.facts.width, made.facts.height) == size
    assert min(made.pictures[128].width, made.pictures[128].height) >= 1


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_orientation_is_applied(engine: VipsImages, orientation: int) -> None:
    made = await engine.render(pictures.with_orientation(orientation), (512,))
    expected = (40, 60) if orientation >= 5 else (60, 40)
    assert (made.facts.width, made.facts.height) == expected
    assert (made.pictures[512].width, made.pictures[512].height) == expected


async def test_place_and_camera_are_left_out(engine: VipsImages) -> None:
    original = pictures.with_place()
    assert b"SecretPhone" in original
    made = await engine.render(original, SIDES)
    for rendition in made.pictures.values():
        assert b"SecretPhone" not in rendition.data
        assert not [name for name in opened(rendition.data).get_fields() if "exif" in name]


async def test_of_several_frames_the_first_counts(engine: VipsImages) -> None:
    made = await engine.render(pictures.animated(), (512,))
    assert (made.pictures[512].width, made.pictures[512].height) == (60, 40)
    assert opened(made.pictures[512].data).get_n_pages() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pictures.SVG, "unsupported_image"),
        (b"\xef\xbb\xbf" + pictures.SVG, "unsupported_image"),
        (pictures.HTML, "unsupported_image"),
        (pictures.GIF, "unsupported_image"),
        (pictures.PDF, "unsupported_image"),
        (b"", "unsupported_image"),
        (b"\x00" * 100, "unsupported_image"),
        (b"PK\x03\x04" + b"\0" * 50, "unsupported_image"),
        (noise(8, 8).heifsave_buffer(compression="av1"), "unsupported_image"),
        (b"\xff\xd8\xff\xe0" + pictures.SVG, "broken_image"),
        (b"\x89PNG\r\n\x1a\n", "broken_image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "broken_image"),
        (b"II*\x00" + b"\xff" * 50, "broken_image"),
        (pictures.png_header(60_000, 60_000), "too_many_pixels"),
        (pictures.png_header(2**31 - 1, 1), "broken_image"),
        (pictures.fake_heic(), "broken_image"),
    ],
)
async def test_what_is_no_picture_is_refused_with_a_reason(
    engine: VipsImages, data: bytes, code: str
) -> None:
    with pytest.raises(ImageRefused) as refused:
        await engine.render(data, SIDES)
    assert refused.value.code == code
    assert refused.value.detail


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif"])
async def test_half_a_picture_is_refused_not_shown_gray(engine: VipsImages, kind: str) -> None:
    whole = pictures.picture(600, 400, kind=kind)
    with pytest.raises(ImageRefused) as refused:
        await engine.render(whole[: len(whole) // 3], SIDES)
    assert refused.value.code == "broken_image"


async def test_the_limit_is_in_pixels_of_the_header(engine: VipsImages) -> None:
    small = VipsImages(max_pixels=2_400)
    assert (await small.inspect(pictures.picture(60, 40))).width == 60
    with pytest.raises(ImageRefused) as refused:
        await small.inspect(pictures.picture(61, 40))
    assert refused.value.code == "too_many_pixels"
    assert (await engine.inspect(pictures.polyglot())).format == "jpeg"


async def test_a_bomb_of_compressed_pages_stays_small(engine: VipsImages) -> None:
    """90 megapixels of nothing fit in a few kilobytes; decoding streams, it does not unfold."""
    bomb: bytes = pyvips.Image.black(9_000, 10_000).pngsave_buffer(compression=9)
    assert len(bomb) < 200_000
    made = await engine.render(bomb, (128,))
    assert (made.pictures[128].width, made.pictures[128].height) == (115, 128)


@pytest.mark.parametrize(("degrees", "size"), [(90, (40, 60)), (180, (60, 40)), (270, (40, 60))])
async def test_a_crop_can_be_turned(
    engine: VipsImages, degrees: int, size: tuple[int, int]
) -> None:
    corner: Any = pyvips.Image.black(60, 40).draw_rect(255, 0, 0, 20, 13, fill=True)
    turned = opened(await engine.turn(corner.pngsave_buffer(), degrees))
    assert (turned.width, turned.height) == size
    white = {90: (35, 5), 180: (55, 35), 270: (5, 55)}[degrees]
    assert turned.getpoint(*white)[0] > 200
    with pytest.raises(ImageRefused):
        await engine.turn(pictures.picture(600, 400)[:9000], degrees)
