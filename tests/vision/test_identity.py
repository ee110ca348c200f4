"""Hashes, keypoints, and when a picture alone is enough."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from bench import sheets
from hypothesis import given
from hypothesis import strategies as st

from armarium.adapters.inference.client import FEATURE_MODEL
from armarium.adapters.vision import features, keypoints, phash, rectify
from armarium.adapters.vision.embedding import PictureEmbedder
from armarium.adapters.vision.match import match_visual
from armarium.kit.features import dump_features, load_features
from armarium.kit.visual import EMBEDDING_DIMENSIONS, VisualMatch, decide_visual
from armarium.ports.vision import Reference


@pytest.fixture(scope="module")
def embedder() -> PictureEmbedder:
    return PictureEmbedder()


@pytest.fixture(scope="module")
def prints() -> list:
    rng = np.random.default_rng(77)
    return [sheets.render_card(rng) for _ in range(12)]


@pytest.fixture(scope="module")
def references(prints, embedder) -> list[Reference]:
    described = [features.describe(art, embedder) for art in prints]
    return [
        Reference(str(index), each.phashes[0], each.embedding, each.local)
        for index, each in enumerate(described)
    ]


def photographed(art, seed: int, turn: int = 0):
    rng = np.random.default_rng(seed)
    sheet = sheets.compose(rng, [("it", art)], "cloth", size=(1000, 800))
    return np.ascontiguousarray(np.rot90(rectify.rectify(sheet.image, sheet.items[0].box), turn))


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_photographed_print_is_recognized_whichever_way_it_lies(
    turn, prints, references, embedder
):
    crop = features.describe(photographed(prints[3], 5, turn), embedder)
    matches = match_visual(crop, references)
    verdict = decide_visual(matches, entry_of=lambda each: each)
    assert verdict.decision == "accepted"
    assert verdict.best is not None
    assert verdict.best.id == "3"
    assert verdict.best.rotation == turn * 90
    assert verdict.margin > 0.5


def test_a_print_outside_the_catalogue_is_unknown(prints, references, embedder):
    crop = features.describe(photographed(prints[3], 6), embedder)
    others = [each for each in references if each.id != "3"]
    assert decide_visual(match_visual(crop, others), entry_of=str).decision == "unknown"


def test_features_survive_the_wire(prints, embedder):
    described = features.describe(prints[0], embedder)
    again = load_features(dump_features(described))
    assert again.phashes == described.phashes
    assert again.local == described.local
    assert again.embedding == pytest.approx(described.embedding, abs=1e-6)
    assert len(again.embedding) == EMBEDDING_DIMENSIONS
    assert np.linalg.norm(again.embedding) == pytest.approx(1, abs=1e-4)
    assert described.model == features.MODEL == FEATURE_MODEL


def test_a_blank_picture_has_features_and_matches_nothing(references, embedder):
    blank = features.describe(np.full((300, 200, 3), 127, np.uint8), embedder)
    best = match_visual(blank, references)[0]
    assert best.score < 0.05
    assert best.inliers == 0


def test_turned_hashes_are_hashes_of_turned_pictures(prints):
    gray = cv2.cvtColor(prints[1], cv2.COLOR_BGR2GRAY)
    hashes = phash.phashes(gray)
    for turns, each in enumerate(hashes):
        turned = np.ascontiguousarray(np.rot90(gray, -turns))
        assert phash.distance(phash.phash(turned), each) <= 8
    assert len(hashes[0]) == 32
    assert phash.distance(hashes[0], hashes[2]) > 60


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_hash_distance_counts_bits(first, second):
    bits = np.unpackbits(np.frombuffer(first, np.uint8) ^ np.frombuffer(second, np.uint8))
    assert phash.distance(first, second) == bits.sum() == phash.distance(second, first)


@given(st.binary(max_size=300))
def test_garbled_local_features_are_refused(data):
    with pytest.raises(ValueError, match="local features"):
        keypoints.unpack(data)


def test_what_is_stored_is_small_and_the_first_packing_is_still_read(prints):
    local = keypoints.extract(prints[2])
    packed = local.pack()
    assert len(packed) < 70 * len(local.points) + 5000
    again = keypoints.unpack(packed)
    assert again.points == pytest.approx(local.points, abs=1e-4)
    assert (again.thumb == local.thumb).all()
    off = np.abs(again.descriptors.astype(int) - local.descriptors)
    assert off.max() <= 60
    assert off.mean() < 4
    places = np.clip(local.points * 65535, 0, 65535).astype("<u2").tobytes()
    head = struct.pack("<BHHH", 1, len(local.points), local.width, local.height)
    first = keypoints.unpack(head + places + local.descriptors.tobytes() + local.thumb.tobytes())
    assert (first.descriptors == local.descriptors).all()
    assert keypoints.compare(again, first).inliers > 0.6 * len(local.points)


def test_local_features_that_claim_to_be_huge_are_refused():
    bomb = struct.pack("<BHHH", keypoints.PACKING, 10, 480, 480) + zlib.compress(bytes(10**7))
    with pytest.raises(ValueError, match="local features"):
        keypoints.unpack(bomb)


def a_match(name: str, score: float) -> VisualMatch:
    return VisualMatch(name, score, 10, 0.9, 40, 0.5, 0.9, 0)


@pytest.mark.parametrize(
    ("scores", "decision"),
    [
        ({}, "unknown"),
        ({"a1": 0.99}, "accepted"),
        ({"a1": 0.99, "a2": 0.98}, "accepted"),
        ({"a1": 0.99, "b1": 0.7}, "review"),
        ({"a1": 0.6, "b1": 0.1}, "review"),
        ({"a1": 0.1}, "unknown"),
    ],
)
def test_two_pictures_of_one_entry_are_no_rivals(scores, decision):
    matches = [a_match(name, score) for name, score in scores.items()]
    assert decide_visual(matches, entry_of=lambda each: each[0]).decision == decision


def test_quality_sees_blur_and_glare(prints):
    sharp = rectify.quality(prints[2], width=350, height=500)
    soft = rectify.quality(cv2.GaussianBlur(prints[2], (0, 0), 6), width=350, height=500)
    assert sharp.blur < 0.5 < soft.blur
    assert "blurred" in soft.advice
    burnt = np.ascontiguousarray(prints[2] // 2)
    cv2.circle(burnt, (175, 250), 90, (255, 255, 255), -1)
    shiny = rectify.quality(burnt, width=100, height=140)
    assert shiny.glare == pytest.approx(np.pi * 90**2 / (350 * 500), rel=0.1)
    assert set(shiny.advice) >= {"glare", "too_small"}
