"""Quads as numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from armarium.adapters.ocr import lines
from armarium.adapters.vision import geometry
from armarium.adapters.vision.lines import propose_from_lines
from armarium.adapters.vision.weights import verified, weights

SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], float)


def test_overlap_of_squares():
    assert geometry.area(SQUARE) == 100
    assert geometry.iou(SQUARE, SQUARE + np.array([5, 0])) == pytest.approx(1 / 3)
    assert geometry.iou(SQUARE, SQUARE + np.array([50, 0])) == 0
    assert geometry.iou(SQUARE, SQUARE + np.array([0, -50])) == 0


@given(st.permutations(range(4)), st.floats(-80, 80))
def test_any_order_of_corners_becomes_clockwise(order, degrees):
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (SQUARE - 5) @ turn.T * [1, 1.7]
    again = geometry.clockwise(corners[list(order)])
    assert geometry.area(again) == pytest.approx(170, rel=0.01)
    assert again[0].sum() == pytest.approx(corners.sum(axis=1).min())


@pytest.mark.parametrize(
    ("corners", "sane"),
    [
        (SQUARE * 10, True),
        (SQUARE, False),
        (SQUARE[::-1] * 10, False),
        (np.array([[0, 0], [100, 0], [20, 20], [0, 100]]), False),
        (np.array([[0, 0], [100, 0], [180, 100], [80, 100]]), False),
    ],
)
def test_only_boxes_that_a_camera_could_see_are_sane(corners, sane):
    assert geometry.is_sane(corners.astype(float), min_side=20) is sane


def test_parallel_lines_have_no_corner():
    rows = np.array([[1, 0, 1], [1, 0, 2], [0, 1, 1], [0, 1, 2]], float)
    assert geometry.from_lines(rows) is None


@given(st.sampled_from([0, 90, 180, 270]))
def test_a_box_of_a_turned_picture_turns_back(rotation):
    picture = np.zeros((30, 20), np.uint8)
    picture[4:8, 2:12] = 255
    turned = lines.turn(picture, rotation)
    ys, xs = np.nonzero(turned)
    box = np.array(
        [
            [xs.min(), ys.min()],
            [xs.max() + 1, ys.min()],
            [xs.max() + 1, ys.max() + 1],
            [xs.min(), ys.max() + 1],
        ],
        float,
    )
    back = lines.turn_back(box, rotation, 20, 30)
    assert back.min(axis=0).tolist() == [2, 4]
    assert back.max(axis=0).tolist() == [12, 8]


def test_a_picture_without_lines_proposes_nothing():
    assert propose_from_lines(np.full((200, 300), 128, np.uint8)).shape == (0, 4, 2)


def test_other_weights_than_ours_are_refused(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"other")
    with pytest.raises(ValueError, match=r"x\.onnx"):
        verified(tmp_path / "x.onnx", "0" * 64)
    assert weights("text/minilm-tokenizer.json").is_file()
