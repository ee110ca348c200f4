"""Things and tables beyond cards on wood: what the judge is trained on beside bench/sheets.py.

Things of any shape from a spine to a panorama, with and without borders, framed, in sleeves;
tables of tiles, bricks, pebbles, leaves, print, stripes and stone. None of it stands for anything
real: the point is that no single look of background, border or ratio can be relied upon.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

import sheets

Array = Any
Rng = np.random.Generator

RATIOS = ((0.55, 0.85), (0.55, 0.85), (0.85, 1.18), (1.2, 1.9), (0.1, 0.3), (0.3, 0.55))
"""Width over height: portrait twice as often as square, landscape, spines and tall covers."""


def things(rng: Rng) -> list[tuple[str, Array]]:
    """One to nine things, mostly of one shape; fewer where each is large."""
    count = int(rng.choice([1, 1, 2, 3, 4, 6, 9]))
    alike = rng.random() < 0.7
    shape = RATIOS[rng.integers(len(RATIOS))]
    ratio = rng.uniform(*shape)
    made: list[tuple[str, Array]] = []
    for _ in range(count):
        if not alike:
            ratio = rng.uniform(*RATIOS[rng.integers(len(RATIOS))])
        wide = int(np.clip(560 * np.sqrt(ratio), 90, 900))
        made.append(("", thing(rng, wide, int(wide / ratio))))
    return made


def thing(rng: Rng, width: int, height: int) -> Array:
    """One print, cover, spine, framed picture or sleeved card."""
    maker = _THINGS[rng.integers(len(_THINGS))]
    made = maker(rng, width, height)
    return _sleeved(rng, made) if rng.random() < 0.12 else made


def _color(rng: Rng, low: float = 5, high: float = 250) -> list[float]:
    return rng.uniform(low, high, 3).tolist()


def _filled(width: int, height: int, color: list[float]) -> Array:
    return np.full((height, width, 3), np.array(color), np.uint8)


def _scribble(rng: Rng, image: Array, ink: list[float]) -> None:
    """Lines of letters, as titles and rules text are."""
    height, width = image.shape[:2]
    scale = rng.uniform(0.6, 2.6) * min(width, height) / 400
    y = int(height * rng.uniform(0.05, 0.7))
    for _ in range(int(rng.integers(1, 8))):
        text = "".join(rng.choice(list("abcdefgh iklmnop rstuv"), int(rng.integers(4, 26))))
        cv2.putText(
            image,
            text,
            (int(width * 0.08), y),
            int(rng.integers(0, 5)),
            scale,
            ink,
            max(1, round(scale * 1.5)),
            cv2.LINE_AA,
        )
        y += int(38 * scale)


def _plain_cover(rng: Rng, width: int, height: int) -> Array:
    image = _filled(width, height, _color(rng))
    _scribble(rng, image, _color(rng))
    return image


def _art(rng: Rng, width: int, height: int) -> Array:
    """Soft color fields, blobs and rays to the very edge."""
    coarse = rng.uniform(0, 255, (int(rng.integers(2, 7)), int(rng.integers(2, 7)), 3))
    image = cv2.resize(coarse.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    image = np.ascontiguousarray(image)
    for _ in range(int(rng.integers(0, 12))):
        middle = rng.integers(0, [width, height])
        points = middle + rng.normal(0, width / 4, (int(rng.integers(3, 9)), 2))
        if rng.random() < 0.5:
            cv2.fillPoly(image, [points.astype(np.int32)], _color(rng), cv2.LINE_AA)
        else:
            reach = int(rng.integers(5, max(8, width // 3)))
            cv2.circle(image, middle.tolist(), reach, _color(rng), -1, cv2.LINE_AA)
    if rng.random() < 0.4:
        _scribble(rng, image, _color(rng))
    return image


def _paneled(rng: Rng, width: int, height: int) -> Array:
    """A border, a picture, perhaps a text box: trading cards and most covers."""
    image = _filled(width, height, _color(rng))
    if rng.random() < 0.4:
        image[:] = rng.choice([12, 245])
    edge = int(min(width, height) * rng.uniform(0.02, 0.12))
    top = edge + int(height * rng.uniform(0, 0.15))
    bottom = int(height * rng.uniform(0.5, 0.95))
    right = width - edge
    image[top:bottom, edge:right] = _art(rng, right - edge, bottom - top)
    if rng.random() < 0.5 and bottom < height - edge - 20:
        image[bottom + 4 : height - edge, edge:right] = _color(rng)
    _scribble(rng, image, _color(rng))
    return image


def _spined(rng: Rng, width: int, height: int) -> Array:
    """One color with bands and lettering along the long side."""
    long, short = max(width, height), min(width, height)
    image = _filled(long, short, _color(rng))
    ink = _color(rng)
    scale = short / rng.uniform(40, 90)
    place = (int(long * rng.uniform(0.05, 0.3)), int(short * 0.65))
    cv2.putText(image, "the cabinet of things", place, 3, scale, ink, 2, cv2.LINE_AA)
    for at in rng.uniform(0, 1, int(rng.integers(0, 5))):
        cv2.line(image, (int(at * long), 0), (int(at * long), short), ink, int(rng.integers(1, 9)))
    return image if width > height else np.ascontiguousarray(np.rot90(image))


def _framed(rng: Rng, width: int, height: int) -> Array:
    """A picture in a molded frame, with or without a mat."""
    thick = max(4, int(min(width, height) * rng.uniform(0.04, 0.14)))
    base = np.array(_color(rng, 20, 200))
    image = np.zeros((height, width, 3), np.uint8)
    waves = rng.uniform(3, 14)
    for at in range(thick):
        tone = np.clip(base * (0.7 + 0.4 * np.sin(at / thick * waves)), 0, 255)
        cv2.rectangle(image, (at, at), (width - 1 - at, height - 1 - at), tone.tolist(), 1)
    if rng.random() < 0.5:
        image[thick:-thick, thick:-thick] = rng.uniform(200, 250)
        thick += int(min(width, height) * rng.uniform(0.03, 0.1))
    image[thick:-thick, thick:-thick] = _art(rng, width - 2 * thick, height - 2 * thick)
    return image


def _patterned(rng: Rng, width: int, height: int) -> Array:
    """The back of a card: a lattice in a rim."""
    image = _filled(width, height, _color(rng))
    step = int(rng.integers(10, 50))
    ink = _color(rng)
    for x in range(-height, width, step):
        cv2.line(image, (x, 0), (x + height, height), ink, 2, cv2.LINE_AA)
        cv2.line(image, (x + height, 0), (x, height), ink, 2, cv2.LINE_AA)
    rim = int(min(width, height) * rng.uniform(0.0, 0.08))
    cv2.rectangle(image, (0, 0), (width - 1, height - 1), _color(rng), max(1, 2 * rim))
    return image


_THINGS: list[Callable[[Rng, int, int], Array]] = [
    _plain_cover,
    _art,
    _art,
    _paneled,
    _paneled,
    _spined,
    _framed,
    _patterned,
]


def _sleeved(rng: Rng, image: Array) -> Array:
    """A clear or dark margin, and a streak of glare."""
    pad = int(min(image.shape[:2]) * rng.uniform(0.02, 0.06))
    rim = _color(rng, 180, 225) if rng.random() < 0.6 else _color(rng, 8, 40)
    image = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=rim)
    streak = np.zeros(image.shape[:2], np.float32)
    x = float(rng.uniform(0, image.shape[1]))
    cv2.line(streak, (int(x), 0), (int(x - 150), image.shape[0]), 1.0, int(rng.integers(10, 90)))
    glare = cv2.GaussianBlur(streak, (0, 0), 12)[..., None] * rng.uniform(60, 170)
    return np.clip(image + glare, 0, 255).astype(np.uint8)


def table(rng: Rng, width: int, height: int) -> Array:
    """What things lie on or hang at."""
    maker = _TABLES[rng.integers(len(_TABLES))]
    image = np.clip(maker(rng, width, height), 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        _clutter(rng, image)
    return image


def _clutter(rng: Rng, image: Array) -> None:
    """Pens, coins, fingertips: round and long, never a box."""
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(1, 7))):
        place = rng.integers(0, [width, height])
        if rng.random() < 0.5:
            cv2.circle(image, place.tolist(), int(rng.integers(15, 90)), _color(rng), -1)
        else:
            other = place + rng.integers(-400, 400, 2)
            thick = int(rng.integers(6, 60))
            cv2.line(image, place.tolist(), other.tolist(), _color(rng), thick, cv2.LINE_AA)


def _turned(rng: Rng, image: Array) -> Array:
    """The same, turned by any angle, mirrored over its rim."""
    height, width = image.shape[:2]
    warp = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(0, 180)), 1.0)
    return np.asarray(cv2.warpAffine(image, warp, (width, height), borderMode=cv2.BORDER_REFLECT))


def _tiles(rng: Rng, width: int, height: int) -> Array:
    """Checks, tiles and bricks with or without joints."""
    wide, tall = (int(side) for side in rng.integers(28, 200, 2))
    if rng.random() < 0.5:
        tall = wide
    first, second = np.array(_color(rng)), np.array(_color(rng))
    ys, xs = np.mgrid[0:height, 0:width]
    row = ys // tall
    column = (xs + (row % 2) * (wide // 2 if rng.random() < 0.4 else 0)) // wide
    if rng.random() < 0.5:
        share = ((row + column) % 2).astype(np.float32)
    else:
        share = rng.random(4096).astype(np.float32)[(row * 67 + column * 131) % 4096] * 0.6
    image = first + (second - first) * share[..., None]
    joint = int(rng.integers(0, 6))
    if joint:
        image[(ys % tall < joint) | ((xs + (row % 2) * 0) % wide < joint)] = _color(rng)
    image = image + rng.normal(0, rng.uniform(0, 8), (height, width, 1))
    return _turned(rng, np.clip(image, 0, 255).astype(np.uint8))


def _pebbles(rng: Rng, width: int, height: int) -> Array:
    """Hundreds of overlapping blobs: leaves, gravel, confetti."""
    image = _filled(width, height, _color(rng, 5, 120))
    base, reach = np.array(_color(rng)), rng.uniform(8, 70)
    for _ in range(int(rng.integers(200, 700))):
        place = rng.integers(0, [width, height]).tolist()
        axes = (rng.uniform(0.3, 1.0, 2) * reach + 2).astype(int).tolist()
        tone = np.clip(base + rng.normal(0, 40, 3), 0, 255).tolist()
        cv2.ellipse(image, place, axes, float(rng.uniform(0, 180)), 0, 360, tone, -1, cv2.LINE_AA)
    return image


def _print(rng: Rng, width: int, height: int) -> Array:
    """Columns of letters in any size and turn: newspapers, maps, tablecloths."""
    image = _filled(width, height, _color(rng, 170, 250))
    ink = _color(rng, 0, 90)
    column = int(rng.integers(160, 420))
    scale = rng.uniform(0.3, 0.8)
    for x in range(10, width, column):
        y = 15
        while y < height:
            text = "".join(rng.choice(list("abcdefg hiklmno prstu"), int(column / (17 * scale))))
            cv2.putText(image, text, (x, y), 0, scale, ink, 1, cv2.LINE_AA)
            y += int(32 * scale) + int(rng.random() < 0.05) * 40
    return _turned(rng, image) if rng.random() < 0.5 else image


def _stripes(rng: Rng, width: int, height: int) -> Array:
    """Rugs, corrugated card, blinds."""
    image = _filled(width, height, _color(rng)).astype(np.float32)
    x = 0
    while x < width:
        wide = int(rng.integers(6, 160))
        if rng.random() < 0.5:
            image[:, x : x + wide] = _color(rng)
        x += wide
    fuzz = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.2)
    image = image + fuzz[..., None] * rng.uniform(5, 90)
    return _turned(rng, np.clip(image, 0, 255).astype(np.uint8))


def _stone(rng: Rng, width: int, height: int) -> Array:
    """Veins and clouds over several sizes."""
    field = np.zeros((height, width), np.float32)
    for cells in (3, 6, 12, 24, 48):
        small = rng.normal(0, 1, (cells, cells + 1)).astype(np.float32)
        field += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) / cells**0.7
    if rng.random() < 0.6:
        field = np.abs(np.sin(field * rng.uniform(2, 7))) ** rng.uniform(0.3, 1.2)
    else:
        field = np.clip(field / 3 + 0.5, 0, 1)
    first, second = np.array(_color(rng)), np.array(_color(rng))
    return first + (second - first) * field[..., None]


def _lit(rng: Rng, width: int, height: int) -> Array:
    """One color running into another, perhaps around a lamp."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = rng.uniform(-0.5, 1.5, 2) * (width, height)
    far = np.hypot(xs - middle[0], ys - middle[1])
    far = (far - far.min()) / np.ptp(far)
    first, second = np.array(_color(rng)), np.array(_color(rng))
    image = first + (second - first) * far[..., None] * rng.uniform(0.2, 1.0)
    return image + rng.normal(0, rng.uniform(0, 4), (height, width, 1))


_TABLES: list[Callable[[Rng, int, int], Array]] = [
    _tiles,
    _tiles,
    _pebbles,
    _print,
    _stripes,
    _stone,
    _lit,
    _lit,
]


def scene(rng: Rng, renderer: str) -> sheets.Sheet:
    """A whole photo, lying or standing."""
    size = (1600, 1200) if rng.random() < 0.6 else (1200, 1600)
    return sheets.compose(
        rng, things(rng), "", renderer=renderer, size=size, table=table(rng, *size)
    )
