"""Composes photos of flat things on a table, with the exact corners of each: no real photo is used.

Called by bench/identify_photos.py and by tests of the vision adapter. Two renderers make the
backgrounds, light and damage in different ways (`home` and `away`), so that what was tuned on
one is reported on the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Array = NDArray[Any]
Rng = np.random.Generator

BACKGROUNDS = ("plain", "wood", "cloth", "busy")


@dataclass(frozen=True, slots=True)
class Placed:
    """One card in the photo: whose it is and its corners, clockwise from the print's top left."""

    name: str
    box: Array


@dataclass(frozen=True, slots=True)
class Sheet:
    """A composed photo (BGR) and the truth about it."""

    image: Image
    items: list[Placed]
    background: str
    settings: dict[str, float] = field(default_factory=dict[str, float])

    def jpeg(self, quality: int = 90) -> bytes:
        """The photo as a phone would hand it over."""
        ok, data = cv2.imencode(".jpg", self.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        assert ok
        return data.tobytes()


def compose(
    rng: Rng,
    cards: Sequence[tuple[str, Image]],
    background: str,
    *,
    size: tuple[int, int] = (1600, 1200),
    renderer: str = "home",
    overlap: bool = False,
    gap: float | None = None,
    table: Image | None = None,
) -> Sheet:
    """Lay the cards on a background, tilt the camera, then light, blur and noise.

    `size` is width and height in pixels; `overlap` pushes cards over each other; `gap` (share of
    the card's width) lays them in a straight grid instead of tossing them; `table` is laid under
    instead of a background of that name.
    """
    width, height = size
    if table is None:
        table = make_background(rng, background, width, height, renderer)
    canvas = table.astype(np.float32)
    boxes = (
        _grid(rng, cards, width, height, gap)
        if gap is not None
        else _toss(rng, cards, width, height, overlap=overlap)
    )
    camera = _camera(rng, width, height)
    placed: list[Placed] = []
    for (name, art), box in zip(cards, boxes, strict=True):
        seen = cv2.perspectiveTransform(box[None].astype(np.float64), camera)[0]
        canvas = _lay(rng, canvas, art, seen)
        placed.append(Placed(name, seen))
    image, settings = _photograph(rng, canvas, renderer)
    return Sheet(image, placed, background, settings)


def _toss(
    rng: Rng, cards: Sequence[tuple[str, Image]], width: int, height: int, *, overlap: bool
) -> list[Array]:
    """Quads in a jittered grid, each turned by up to 25 degrees."""
    count = len(cards)
    columns = int(np.ceil(np.sqrt(count * width / height * 0.75)))
    columns = max(1, min(columns, count))
    rows = int(np.ceil(count / columns))
    cell = np.array([width / columns, height / rows]) * 0.94
    origin = np.array([width, height]) * 0.03
    spread = rng.uniform(0.72, 0.98)
    boxes: list[Array] = []
    for index, (_, art) in enumerate(cards):
        h, w = art.shape[:2]
        turn = np.deg2rad(rng.uniform(-25, 25))
        reach = np.array(
            [
                w * abs(np.cos(turn)) + h * abs(np.sin(turn)),
                h * abs(np.cos(turn)) + w * abs(np.sin(turn)),
            ]
        )
        scale = min(cell / reach) * spread
        if overlap:
            scale *= rng.uniform(1.15, 1.4)
        if count == 1:
            scale *= rng.uniform(0.45, 1.0)
        slack = np.maximum(cell - reach * scale, 0) / 2
        place = np.array([index % columns, index // columns])
        center = origin + cell * (place + 0.5) + slack * rng.uniform(-0.9, 0.9, 2)
        boxes.append(_quad(center, w * scale, h * scale, turn))
    return boxes


def _grid(
    rng: Rng, cards: Sequence[tuple[str, Image]], width: int, height: int, gap: float
) -> list[Array]:
    """Straight rows and columns `gap` card widths apart, the whole turned a little."""
    count = len(cards)
    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    h, w = cards[0][1].shape[:2]
    step = np.array([w * (1 + gap), h + w * gap])
    scale = min(width * 0.86 / (step[0] * columns), height * 0.86 / (step[1] * rows))
    turn = np.deg2rad(rng.uniform(-6, 6))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    boxes: list[Array] = []
    for index in range(count):
        place = np.array([index % columns, index // columns]) + 0.5
        offset = (place * step - step * np.array([columns, rows]) / 2) * scale
        center = np.array([width, height]) / 2 + rotation @ offset
        boxes.append(_quad(center, w * scale, h * scale, turn))
    return boxes


def _quad(center: Array, w: float, h: float, turn: float) -> Array:
    corners = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return corners @ rotation.T + center


def _camera(rng: Rng, width: int, height: int) -> Array:
    """A homography for a hand-held camera: corners move by up to 6 % of the frame, inwards."""
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    move = rng.uniform(0, 0.06, (4, 2)) * np.array([width, height])
    return cv2.getPerspectiveTransform(source, (source + inward * move).astype(np.float32))


def _lay(rng: Rng, canvas: Array, art: Image, box: Array) -> Array:
    """Paste a card with a soft shadow and rounded corners (up to 4.5 % of the width)."""
    h, w = art.shape[:2]
    side = float(np.linalg.norm(box[1] - box[0]))
    margin = side * 0.15 + 4
    low = np.maximum(np.floor(box.min(axis=0) - margin), 0).astype(int)
    high = np.ceil(box.max(axis=0) + margin).astype(int)
    view = canvas[low[1] : high[1], low[0] : high[0]]
    size = (view.shape[1], view.shape[0])
    target = (box - low).astype(np.float32)
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    shrink = min(1.0, side / w * 1.5)
    small = cv2.resize(art, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ratio = np.array([small.shape[1] / w, small.shape[0] / h], np.float32)
    to_photo = cv2.getPerspectiveTransform(source * ratio, target)
    print_ = cv2.warpPerspective(small, to_photo, size, flags=cv2.INTER_LINEAR)
    mask = _rounded(w, h, int(w * rng.uniform(0, 0.045)))
    flat = cv2.getPerspectiveTransform(source, target)
    alpha = cv2.warpPerspective(mask, flat, size, flags=cv2.INTER_LINEAR)
    alpha = (alpha.astype(np.float32) / 255)[..., None]
    drop = rng.uniform(0.005, 0.04, 2) * side * rng.choice([-1, 1], 2)
    move = np.array([[1, 0, drop[0]], [0, 1, drop[1]]], np.float32)
    shadow = cv2.warpAffine(alpha[..., 0], move, size)
    shadow = cv2.GaussianBlur(shadow, (0, 0), max(1.0, side * rng.uniform(0.008, 0.03)))
    shaded = view * (1 - shadow[..., None] * rng.uniform(0.15, 0.6))
    tone = rng.uniform(0.82, 1.08) * (1 + rng.uniform(-0.04, 0.04, 3))
    view[:] = shaded * (1 - alpha) + np.clip(print_ * tone, 0, 255) * alpha
    return canvas


def _rounded(width: int, height: int, radius: int) -> Image:
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask


def _photograph(rng: Rng, canvas: Array, renderer: str) -> tuple[Image, dict[str, float]]:
    """Uneven light, color cast, defocus or motion, sensor noise, JPEG."""
    height, width = canvas.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    if renderer == "home":
        angle = rng.uniform(0, 2 * np.pi)
        ramp = (xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle)
        light = 1 + ramp * rng.uniform(0, 0.5)
    else:
        cx, cy = rng.uniform(0.1, 0.9, 2) * (width, height)
        far = np.hypot(xs - cx, ys - cy) / np.hypot(width, height)
        light = rng.uniform(1.0, 1.2) - far * rng.uniform(0.1, 0.6)
    cast = 1 + rng.uniform(-0.07, 0.07, 3).astype(np.float32)
    image = canvas * light[..., None] * cast * rng.uniform(0.75, 1.1)
    scale = width / 1600
    blur = rng.uniform(0.0, 1.7) * scale
    if blur > 0.3:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    if rng.random() < 0.3:
        image = cv2.filter2D(image, -1, _motion(rng, int(rng.integers(3, 8) * scale)))
    noise = rng.uniform(0, 10)
    grain = rng.normal(0, noise, image.shape).astype(np.float32)
    if renderer == "away":
        grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.6
    shot = np.clip(image + grain, 0, 255).astype(np.uint8)
    quality = int(rng.integers(62, 95))
    ok, data = cv2.imencode(".jpg", shot, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert ok
    settings = {"blur": float(blur), "noise": float(noise), "jpeg": float(quality)}
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), settings


def _motion(rng: Rng, length: int) -> Array:
    kernel = np.zeros((max(length, 3), max(length, 3)), np.float32)
    middle = kernel.shape[0] // 2
    angle = rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    start = tuple(int(v) for v in np.round(middle - reach))
    end = tuple(int(v) for v in np.round(middle + reach))
    cv2.line(kernel, start, end, 1.0)
    return kernel / kernel.sum()


def make_background(rng: Rng, kind: str, width: int, height: int, renderer: str) -> Image:
    """One of BACKGROUNDS in one of the two renderers' ways."""
    maker = _MAKERS[(kind, renderer)]
    return np.clip(maker(rng, width, height), 0, 255).astype(np.uint8)


def _smooth(rng: Rng, width: int, height: int, cells: int) -> Array:
    """Value noise in -1..1 with about `cells` bumps across."""
    small = rng.normal(0, 1, (max(2, cells * height // width), max(2, cells)))
    grown = cv2.resize(small.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(grown / 2, -1, 1)


def _color(rng: Rng, low: int = 20, high: int = 245) -> Array:
    return rng.uniform(low, high, 3).astype(np.float32)


def _plain(rng: Rng, width: int, height: int) -> Array:
    base = _color(rng)
    if rng.random() < 0.5:
        base = np.float32(rng.uniform(15, 245)) + rng.uniform(-10, 10, 3).astype(np.float32)
    bumps = _smooth(rng, width, height, 4) * rng.uniform(0, 10)
    return np.broadcast_to(base, (height, width, 3)) + bumps[..., None]


def _plain_away(rng: Rng, width: int, height: int) -> Array:
    top, bottom = _color(rng), _color(rng)
    bottom = top + (bottom - top) * rng.uniform(0, 0.25)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    paper = rng.normal(0, rng.uniform(0, 5), (height, width, 1))
    return np.broadcast_to(top * (1 - ramp) + bottom * ramp, (height, width, 3)) + paper


def _wood(rng: Rng, width: int, height: int) -> Array:
    base = np.array([60, 105, 160], np.float32) * rng.uniform(0.35, 1.35)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    warp = _smooth(rng, width, height, 6) * 30 + _smooth(rng, width, height, 20) * 6
    rings = np.sin((ys + warp) / rng.uniform(4, 16)) * 0.6 + np.sin((ys + warp * 2) / 3.1) * 0.25
    fibre = cv2.GaussianBlur(
        rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 6, sigmaY=0.8
    )  # one call
    tone = 1 + rings * rng.uniform(0.04, 0.14) + fibre * rng.uniform(0.2, 0.7)
    plank = height / rng.integers(2, 6)
    seam = np.abs(((ys + 4000) % plank) - plank / 2) > plank / 2 - 2.5
    tone = np.where(seam, tone * 0.55, tone)
    tone *= 1 + 0.08 * np.sin(np.floor((ys + 4000) / plank) * 12.9 + xs * 0)
    image = base * tone[..., None]
    return np.rot90(_fit(image, height, width)) if rng.random() < 0.5 else image


def _fit(image: Array, width: int, height: int) -> Array:
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def _wood_away(rng: Rng, width: int, height: int) -> Array:
    """Planks of different tones with knots, streaks stretched from noise."""
    streaks = rng.normal(0, 1, (height, max(4, width // 60))).astype(np.float32)
    grain = cv2.resize(streaks, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(grain, (0, 0), 1.2)
    base = np.array([70, 110, 150], np.float32) * rng.uniform(0.4, 1.3)
    image = np.empty((height, width, 3), np.float32)
    y = 0
    while y < height:
        tall = int(height * rng.uniform(0.12, 0.35))
        strip = base * rng.uniform(0.8, 1.2)
        image[y : y + tall] = strip
        image[y : y + 3] *= 0.5
        for x in rng.integers(0, width, 2):
            image[y : y + tall, x : x + 3] *= 0.6
        y += tall
    for _ in range(int(rng.integers(0, 6))):
        x, y, r = (
            int(rng.integers(0, width)),
            int(rng.integers(0, height)),
            int(rng.integers(8, 40)),
        )
        cv2.ellipse(image, (x, y), (r * 2, r), 0, 0, 360, (base * 0.45).tolist(), -1, cv2.LINE_AA)
    return image * (1 + grain[..., None] * rng.uniform(0.04, 0.13))


def _cloth(rng: Rng, width: int, height: int) -> Array:
    base = _color(rng, 15, 220)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch = rng.uniform(2.5, 7)
    weave = np.sin(xs * 2 * np.pi / pitch) * np.sin(ys * 2 * np.pi / pitch)
    folds = _smooth(rng, width, height, 3) * rng.uniform(0.05, 0.25)
    lint = rng.normal(0, rng.uniform(0.02, 0.08), (height, width))
    tone = 1 + weave * rng.uniform(0.05, 0.2) + folds + lint
    return base * tone[..., None]


def _cloth_away(rng: Rng, width: int, height: int) -> Array:
    """Felt, towel or checked linen."""
    base = _color(rng, 15, 220)
    fuzz = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.5)
    image = base * (1 + fuzz[..., None] * rng.uniform(0.1, 0.45))
    if rng.random() < 0.35:
        ys, xs = np.mgrid[0:height, 0:width]
        pitch = int(rng.integers(30, 120))
        checks = ((xs // pitch) % 2 + (ys // pitch) % 2) / 2
        image = image * (1 - checks[..., None] * rng.uniform(0.05, 0.25))
    for _ in range(int(rng.integers(0, 5))):
        start, end = rng.integers(0, width, 2), rng.integers(0, height, 2)
        fold = np.zeros((height, width), np.float32)
        cv2.line(fold, (int(start[0]), int(end[0])), (int(start[1]), int(end[1])), 1.0, 14)
        image = image * (1 - cv2.GaussianBlur(fold, (0, 0), 12)[..., None] * 0.35)
    return image


def _busy(rng: Rng, width: int, height: int) -> Array:
    image = _plain(rng, width, height).astype(np.float32).copy()
    for _ in range(int(rng.integers(25, 70))):
        center = rng.integers(0, [width, height])
        color = _color(rng).tolist()
        reach = rng.integers(15, max(width // 7, 30), 2)
        if rng.random() < 0.5:
            cv2.ellipse(
                image,
                center.tolist(),
                reach.tolist(),
                float(rng.uniform(0, 180)),
                0,
                360,
                color,
                -1,
                cv2.LINE_AA,
            )  # one call
        else:
            points = center + rng.normal(0, reach.mean() * 0.8, (int(rng.integers(3, 7)), 2))
            cv2.fillPoly(image, [points.astype(np.int32)], color, cv2.LINE_AA)
    for _ in range(int(rng.integers(10, 40))):
        ends = rng.integers(0, [width, height], (2, 2))
        thick = int(rng.integers(1, 6))
        cv2.line(
            image, ends[0].tolist(), ends[1].tolist(), _color(rng).tolist(), thick, cv2.LINE_AA
        )
    return image + rng.normal(0, 4, (height, width, 1))


def _busy_away(rng: Rng, width: int, height: int) -> Array:
    """A printed tablecloth: text, flowers, stripes and scattered coins."""
    image = _plain_away(rng, width, height).astype(np.float32).copy()
    ink = _color(rng).tolist()
    words = [
        "the",
        "cabinet",
        "of",
        "curious",
        "things",
        "and",
        "prints",
        "1909",
        "lot",
        "sale",
        "paper",
        "news",
    ]
    for y in range(20, height, int(rng.integers(28, 70))):
        for x in range(0, width, int(rng.integers(140, 260))):
            word = str(rng.choice(words))
            _put(image, word, (x, y), ink, float(rng.uniform(0.5, 1.1)))
    for _ in range(int(rng.integers(30, 90))):
        x, y, r = (
            int(rng.integers(0, width)),
            int(rng.integers(0, height)),
            int(rng.integers(6, 50)),
        )
        color = _color(rng).tolist()
        for petal in range(6):
            px, py = x + r * np.cos(petal * 1.05), y + r * np.sin(petal * 1.05)
            cv2.circle(image, (int(px), int(py)), max(2, r // 2), color, -1, cv2.LINE_AA)
    return image


_MAKERS = {
    ("plain", "home"): _plain,
    ("wood", "home"): _wood,
    ("cloth", "home"): _cloth,
    ("busy", "home"): _busy,
    ("plain", "away"): _plain_away,
    ("wood", "away"): _wood_away,
    ("cloth", "away"): _cloth_away,
    ("busy", "away"): _busy_away,
}


def render_card(rng: Rng, *, width: int = 350, height: int = 500) -> Image:
    """A made-up print: border, title, picture of shapes, text; no two alike.

    Stands in for trading cards, covers and postcards whose pictures nobody may redistribute.
    """
    border = _border_color(rng)
    image = np.empty((height, width, 3), np.float32)
    image[:] = border
    edge = int(width * rng.uniform(0.0, 0.07))
    inner = _picture(rng, width - 2 * edge, height - 2 * edge)
    image[edge : height - edge, edge : width - edge] = inner
    layout = rng.random()
    ink = (20, 20, 20) if float(np.mean(border)) > 110 else (235, 235, 235)
    if layout < 0.6:
        bar = int(height * 0.09)
        panel = _color(rng, 120, 250)
        image[edge : edge + bar, edge : width - edge] = panel
        _write(rng, image, (edge + 8, edge + int(bar * 0.7)), (20, 20, 20), width / 420)
        if layout < 0.4:
            top = int(height * rng.uniform(0.55, 0.7))
            image[top : height - edge - 4, edge + 4 : width - edge - 4] = _color(rng, 150, 250)
            for row in range(4):
                place = (edge + 14, top + 26 + row * int(height * 0.055))
                _write(rng, image, place, (30, 30, 30), width / 560)
            cv2.rectangle(
                image, (edge + 4, top), (width - edge - 5, height - edge - 5), (40, 40, 40), 2
            )
    else:
        _write(rng, image, (edge + 10, height - edge - 10), ink, width / 420)
    return np.clip(image, 0, 255).astype(np.uint8)


def _border_color(rng: Rng) -> Array:
    choice = rng.random()
    if choice < 0.35:
        return np.float32(rng.uniform(225, 252)) + rng.uniform(-4, 4, 3).astype(np.float32)
    if choice < 0.6:
        return np.float32(rng.uniform(8, 35)) + rng.uniform(-4, 4, 3).astype(np.float32)
    return _color(rng)


def _write(rng: Rng, image: Array, place: tuple[int, int], ink: Any, scale: float) -> None:
    letters = "abcdefghijklmnoprstuvwyz"
    words = ["".join(rng.choice(list(letters), int(rng.integers(3, 9)))) for _ in range(3)]
    text = " ".join(words).title()
    _put(image, text, place, ink, scale)


def _put(image: Array, text: str, place: tuple[int, int], ink: Any, scale: float) -> None:
    """OpenCV 5 writes on 8-bit images only, so the line is drawn on a strip and put back."""
    (_, tall), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_COMPLEX, scale, 1)
    top = max(0, place[1] - tall - base - 2)
    view = image[top : place[1] + base + 2]
    strip = np.clip(view, 0, 255).astype(np.uint8)
    spot = (place[0], place[1] - top)
    cv2.putText(strip, text, spot, cv2.FONT_HERSHEY_COMPLEX, scale, ink, 1, cv2.LINE_AA)
    view[:] = strip


def _picture(rng: Rng, width: int, height: int) -> Array:
    sky, ground = _color(rng), _color(rng)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    image = np.ascontiguousarray(
        np.broadcast_to(sky * (1 - ramp) + ground * ramp, (height, width, 3)), np.float32
    )
    for _ in range(int(rng.integers(8, 26))):
        center = rng.integers(0, [width, height])
        color = _color(rng).tolist()
        kind = rng.random()
        if kind < 0.4:
            reach = rng.integers(8, width // 3, 2).tolist()
            cv2.ellipse(
                image,
                center.tolist(),
                reach,
                float(rng.uniform(0, 180)),
                0,
                360,
                color,
                -1,
                cv2.LINE_AA,
            )  # one call
        elif kind < 0.75:
            points = center + rng.normal(0, width / 6, (int(rng.integers(3, 8)), 2))
            cv2.fillPoly(image, [points.astype(np.int32)], color, cv2.LINE_AA)
        else:
            points = np.cumsum(rng.normal(0, width / 12, (9, 2)), axis=0) + center
            thick = int(rng.integers(1, 5))
            cv2.polylines(image, [points.astype(np.int32)], False, color, thick, cv2.LINE_AA)
    return image + _smooth(rng, width, height, 24)[..., None] * rng.uniform(2, 14)
