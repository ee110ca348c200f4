"""Reading with the real recognizer: words a person would see, whichever way they stand."""

import cv2
import numpy as np
import pytest

from armarium.adapters.ocr import PaddleReader, lines
from armarium.adapters.text import MiniLm


@pytest.fixture(scope="module")
def reader() -> PaddleReader:
    return PaddleReader()


def printed() -> np.ndarray:
    page = np.full((520, 372, 3), 236, np.uint8)
    for text, place, size in [
        ("Morning Harbour", (24, 60), 1.1),
        ("First light over the quay", (24, 300), 0.7),
        ("Illustrated by A. Bell", (24, 340), 0.7),
        ("017/102", (24, 500), 0.5),
    ]:
        cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 2, cv2.LINE_AA)
    return page


def test_a_card_is_read_with_boxes_and_number(reader):
    reading = reader.read(printed(), corners=True, rotation=None)
    assert reading.rotation == 0
    assert "Harbour" in reading.text
    assert "017/102" in reading.text
    assert reading.confidence > 0.85
    title = next(line for line in reading.lines if "Harbour" in line.text)
    (left, top), _, (right, bottom), _ = title.box
    assert 10 < left < 40
    assert 20 < top < bottom < 90
    assert 200 < right < 340


@pytest.mark.parametrize("rotation", [90, 180])
def test_text_is_read_upside_down_and_sideways(reader, rotation):
    turned = lines.turn(printed(), rotation)
    reading = reader.read(turned, corners=False, rotation=None)
    assert reading.rotation == (360 - rotation) % 360
    assert "Harbour" in reading.text
    title = next(line for line in reading.lines if "Harbour" in line.text)
    box = np.array(title.box)
    assert box.min() >= 0
    assert (box.max(axis=0) <= [turned.shape[1], turned.shape[0]]).all()
    known = reader.read(turned, corners=False, rotation=reading.rotation)
    assert known.text == reading.text


def test_a_blank_page_says_nothing(reader):
    reading = reader.read(np.full((300, 200, 3), 200, np.uint8), corners=True, rotation=None)
    assert (reading.text, reading.lines, reading.confidence) == ("", (), 0.0)


def test_a_narrow_spine_stays_small(reader):
    spine = np.full((700, 40, 3), 60, np.uint8)
    assert reader.read(spine, corners=False, rotation=None).lines == ()


def test_corners_propose_small_marks_that_nobody_read():
    page = printed()
    boxes = lines.corner_boxes(page, [])
    number = next(box for box in boxes if box[:, 1].min() > 460)
    assert number[:, 0].min() < 60
    seen = lines.Line("017/102", np.array([[0, 440], [200, 440], [200, 519], [0, 519]]), 0.9)
    assert all(box[:, 1].min() < 460 for box in lines.corner_boxes(page, [seen]))


def test_lines_come_in_reading_order():
    def line(text, x, y):
        box = np.array([[x, y], [x + 50, y], [x + 50, y + 20], [x, y + 20]], float)
        return lines.Line(text, box, 1.0)

    mixed = [line("d", 10, 90), line("b", 100, 14), line("a", 10, 10), line("c", 40, 50)]
    assert [each.text for each in lines.in_reading_order(mixed)] == ["a", "b", "c", "d"]


def test_texts_of_like_meaning_are_near():
    near, like, far = MiniLm().embed(
        ["a first edition of poems", "verses, 1st edition", "holographic dragon trading card"]
    )
    assert near @ like > near @ far + 0.15
    assert np.linalg.norm(near) == pytest.approx(1, abs=1e-5)
    assert MiniLm().embed([]).shape == (0, 384)
