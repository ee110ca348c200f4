"""Detection on photos that the test composes; the full figures are bench/identify_photos.py's."""

import zlib

import cv2
import numpy as np
import pytest
import pyvips
from bench import sheets

from armarium.adapters.vision import geometry, photo
from armarium.adapters.vision.detect import find_quads
from armarium.adapters.vision.image import MAX_BYTES, decode_upright
from armarium.ports.inference import InputRefused
from tests.support.pictures import with_place


def composed(seed: int, background: str, count: int, **options) -> sheets.Sheet:
    rng = np.random.default_rng(seed)
    cards = [(str(index), sheets.render_card(rng)) for index in range(count)]
    return sheets.compose(rng, cards, background, size=(1200, 900), **options)


def hits(sheet: sheets.Sheet, quads) -> int:
    return sum(any(geometry.iou(quad, item.box) >= 0.85 for quad in quads) for item in sheet.items)


@pytest.mark.parametrize(
    ("seed", "background", "renderer"),
    [(1, "plain", "home"), (2, "wood", "away"), (3, "cloth", "home"), (4, "cloth", "away")],
)
def test_cards_are_found_where_they_lie(seed, background, renderer):
    sheet = composed(seed, background, 4, renderer=renderer)
    quads = [found.quad for found in find_quads(sheet.image)]
    assert hits(sheet, quads) == 4
    assert len(quads) <= 5


def test_cards_in_a_row_nearly_touching_are_separate():
    sheet = composed(8, "plain", 4, gap=0.05)
    assert hits(sheet, [found.quad for found in find_quads(sheet.image)]) >= 3


def test_spines_of_books_are_things_too():
    found = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        spines = []
        for index in range(3):
            spine = np.full((760, int(rng.integers(95, 150)), 3), rng.uniform(20, 235, 3), np.uint8)
            cv2.rectangle(spine, (0, 60), (200, 90), (230, 230, 220), -1)
            spines.append((str(index), spine))
        sheet = sheets.compose(rng, spines, "plain", size=(1200, 900))
        found += hits(sheet, [each.quad for each in find_quads(sheet.image)])
    assert found >= 7


def test_cards_on_tiles_are_found_and_the_tiles_are_not():
    ys, xs = np.mgrid[0:900, 0:1200]
    tiles = np.where(((ys // 90 + xs // 90) % 2)[..., None] > 0, (205, 200, 190), (150, 160, 175))
    rng = np.random.default_rng(4)
    cards = [(str(index), sheets.render_card(rng)) for index in range(3)]
    sheet = sheets.compose(rng, cards, "", size=(1200, 900), table=tiles.astype(np.uint8))
    quads = [found.quad for found in find_quads(sheet.image)]
    assert hits(sheet, quads) == 3
    assert len(quads) == 3


def test_an_empty_table_gives_the_whole_photo():
    rng = np.random.default_rng(5)
    table = sheets.make_background(rng, "plain", 800, 600, "home")
    found = photo.detect(cv2.imencode(".jpg", table)[1].tobytes())
    assert (found.width, found.height) == (800, 600)
    (only,) = found.detections
    assert only.region == "whole"
    assert only.score == 0
    assert only.box == ((0, 0), (800, 0), (800, 600), (0, 600))


def test_a_round_thing_is_one_object():
    rng = np.random.default_rng(6)
    table = np.ascontiguousarray(sheets.make_background(rng, "plain", 800, 600, "home"))
    color = [int(255 - value) for value in table.mean(axis=(0, 1))]
    cv2.circle(table, (420, 300), 120, color, -1, cv2.LINE_AA)
    found = photo.detect(cv2.imencode(".jpg", table)[1].tobytes())
    (only,) = found.detections
    xs, ys = zip(*only.box, strict=True)
    assert min(xs) == pytest.approx(300, abs=25)
    assert max(xs) == pytest.approx(540, abs=25)
    assert min(ys) == pytest.approx(180, abs=25)


def test_boxes_are_pixels_of_the_upright_original():
    sheet = composed(9, "plain", 1)
    sideways = cv2.rotate(sheet.image, cv2.ROTATE_90_COUNTERCLOCKWISE)
    plain = cv2.imencode(".jpg", sideways)[1].tobytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    tagged = plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + plain[2:]
    found = photo.detect(tagged)
    assert (found.width, found.height) == (1200, 900)
    best = max(geometry.iou(np.array(each.box), sheet.items[0].box) for each in found.detections)
    assert best >= 0.85


def test_a_large_photo_keeps_its_own_coordinates():
    sheet = composed(10, "plain", 1)
    large = cv2.resize(sheet.image, None, fx=4.5, fy=4.5, interpolation=cv2.INTER_CUBIC)
    found = photo.detect(cv2.imencode(".jpg", large)[1].tobytes())
    assert found.width == 5400
    best = max(
        geometry.iou(np.array(each.box), sheet.items[0].box * 4.5) for each in found.detections
    )
    assert best >= 0.85
    assert found.detections[0].quality.height > 1000


def test_a_person_may_draw_the_corners():
    sheet = composed(11, "wood", 1)
    box = tuple((float(x), float(y)) for x, y in sheet.items[0].box)
    cut = photo.crop(sheet.jpeg(), box)
    assert cut.region == "quad"
    crop = cv2.imdecode(np.frombuffer(cut.crop, np.uint8), cv2.IMREAD_COLOR)
    assert crop.shape[0] > crop.shape[1]
    with pytest.raises(InputRefused, match="corners"):
        photo.crop(sheet.jpeg(), ((5, 5), (5, 5), (5, 5), (5, 5)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"hello", "not_an_image"),
        (b"", "not_an_image"),
        (b"\xff" * (MAX_BYTES + 1), "image_too_large"),
        (cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes(), "image_too_small"),
    ],
)
def test_what_is_no_picture_is_refused(data, code):
    with pytest.raises(InputRefused) as refused:
        decode_upright(data)
    assert refused.value.code == code


def test_a_bomb_is_refused_by_its_header():
    small = cv2.imencode(".png", np.zeros((16, 16, 3), np.uint8))[1].tobytes()
    head = b"IHDR" + (60000).to_bytes(4) + (60000).to_bytes(4) + small[24:29]
    bomb = small[:12] + head + zlib.crc32(head).to_bytes(4) + small[33:]
    with pytest.raises(InputRefused) as refused:
        decode_upright(bomb)
    assert refused.value.code == "too_many_pixels"


def test_a_cut_off_file_is_refused():
    sheet = composed(12, "busy", 1)
    with pytest.raises(InputRefused) as refused:
        decode_upright(sheet.jpeg()[:20000])
    assert refused.value.code == "damaged_image"


def test_gray_and_transparent_pictures_become_color():
    gray = cv2.imencode(".png", np.full((40, 60), 90, np.uint8))[1].tobytes()
    pixels, width, height = decode_upright(gray)
    assert (pixels.shape, width, height) == ((40, 60, 3), 60, 40)
    clear = np.zeros((40, 60, 4), np.uint8)
    pixels, _, _ = decode_upright(cv2.imencode(".png", clear)[1].tobytes())
    assert pixels.min() == 255


def test_a_crop_says_nothing_of_where_the_photo_was_taken():
    """Neither one that a person drew nor one that was found."""
    original = with_place()
    assert b"SecretPhone" in original
    drawn = photo.crop(original, ((5.0, 5.0), (55.0, 5.0), (55.0, 35.0), (5.0, 35.0)))
    found = photo.detect(original, limit=5).detections
    assert found
    for made in (drawn, *found):
        assert b"SecretPhone" not in made.crop
        picture = pyvips.Image.new_from_buffer(made.crop, "")
        assert not [name for name in picture.get_fields() if "exif" in name or "gps" in name]
