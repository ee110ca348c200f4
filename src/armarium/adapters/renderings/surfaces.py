"""What things are made of: cloth, paper, skies and hills, as float images of height by width by 3.

Colors are RGB in 0 to 1 until `encode` turns them into a JPEG.
"""

import colorsys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Color = tuple[float, float, float]

FONTS = Path(__file__).parent / "fonts"
JPEG_QUALITY = 88


def color(hue: float, saturation: float, value: float) -> Color:
    """A color by hue (0 to 1), saturation and value."""
    return colorsys.hsv_to_rgb(hue % 1.0, saturation, value)


def encode(picture: Picture) -> bytes:
    """As JPEG."""
    pixels = np.clip(picture * 255.0, 0, 255).astype(np.uint8)[:, :, ::-1]
    _done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return data.tobytes()


def plain(height: int, width: int, fill: Color) -> Picture:
    """One color."""
    return np.broadcast_to(np.array(fill, np.float32), (height, width, 3)).copy()


def noise(rng: np.random.Generator, height: int, width: int, cell: int) -> NDArray[np.float32]:
    """Smooth noise in -1 to 1 whose features are about `cell` pixels across."""
    rows, columns = max(2, height // cell + 2), max(2, width // cell + 2)
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.float32)


def cloth(rng: np.random.Generator, height: int, width: int, fill: Color) -> Picture:
    """Book cloth: a weave of two threads, worn a little at the edges."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = 0.022 * (np.sin(x * 1.9) * np.sin(y * 1.7))
    grain = 0.03 * rng.standard_normal((height, width)).astype(np.float32)
    mottle = 0.03 * noise(rng, height, width, 90)
    edge = np.minimum.reduce([x, y, width - 1 - x, height - 1 - y])
    wear = 0.10 * np.exp(-edge / 9.0) * (0.6 + 0.4 * noise(rng, height, width, 40))
    light = 0.06 * (1 - (x + y) / (width + height))
    return plain(height, width, fill) + (weave + grain + mottle + wear + light)[:, :, None]


def paper(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Old paper, a shade darker toward its edges."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.minimum.reduce([x, y, width - 1 - x, height - 1 - y])
    shade = 0.02 * noise(rng, height, width, 120) - 0.06 * np.exp(-edge / 45.0)
    grain = 0.012 * rng.standard_normal((height, width)).astype(np.float32)
    return plain(height, width, (0.94, 0.90, 0.81)) + (shade + grain)[:, :, None]


def landscape(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Hills under a sky, nearer ones darker: an invented view, of no place and by nobody."""
    hue = float(rng.uniform(0.5, 0.68))
    top, low = np.array(color(hue, 0.35, 0.85)), np.array(color(hue - 0.42, 0.30, 0.98))
    fade = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** 0.8
    view = (top * (1 - fade) + low * fade + np.zeros((height, width, 3))).astype(np.float32)
    sun = (int(width * rng.uniform(0.2, 0.8)), int(height * rng.uniform(0.2, 0.4)))
    cv2.circle(view, sun, int(height * 0.07), (1.0, 0.93, 0.78), -1, cv2.LINE_AA)
    x = np.arange(width, dtype=np.float32)
    ground = float(rng.uniform(0.22, 0.45))
    for layer in range(5):
        base = height * (0.45 + 0.11 * layer)
        ridge = np.full(width, base, np.float32)
        for amplitude, wave in ((0.06, 5.0), (0.03, 11.0), (0.012, 27.0)):
            ridge += height * amplitude * np.sin(x * wave / width + rng.uniform(0, 6.3))
        shade = np.array(color(ground - 0.02 * layer, 0.25 + 0.08 * layer, 0.72 - 0.12 * layer))
        below = np.arange(height, dtype=np.float32)[:, None] > ridge[None, :]
        view[below] = shade
    strokes = 0.035 * noise(rng, height, width, 14) + 0.02 * noise(rng, height, width, 5)
    return view + strokes[:, :, None].astype(np.float32)


def seascape(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Long waves under a pale sky, in the few colors of a block print."""
    view = plain(height, width, color(0.12, 0.10, 0.93))
    fade = np.linspace(0.25, 0, height, dtype=np.float32)[:, None]
    view -= fade[:, :, None] * np.array([0.5, 0.25, 0.05], np.float32)
    x = np.arange(width, dtype=np.float32)
    blue = float(rng.uniform(0.55, 0.62))
    for layer in range(7):
        base = height * (0.42 + 0.085 * layer)
        swell = height * (0.10 - 0.008 * layer)
        phase = rng.uniform(0, 6.3)
        wave = np.sin(x * (7.0 + layer) / width + phase)
        crest = base - swell * np.sign(wave) * np.abs(wave) ** 0.7
        rows = np.arange(height, dtype=np.float32)[:, None]
        view[rows > crest[None, :]] = color(blue, 0.35 + 0.07 * layer, 0.80 - 0.085 * layer)
        foam = (rows > crest[None, :]) & (rows < crest[None, :] + 5 + layer)
        view[foam] = (0.96, 0.95, 0.90)
    grain = 0.02 * noise(rng, height, width, 3)[:, :, None]
    return (view + grain).astype(np.float32)


def rosette(
    picture: Picture, center: tuple[int, int], radius: float, petals: int, ink: Color
) -> None:
    """An ornament of interlaced roses, drawn in place."""
    turn = np.linspace(0, 2 * np.pi, 900)
    for ring, reach in enumerate((1.0, 0.72, 0.44)):
        r = radius * reach * (0.62 + 0.38 * np.cos(petals * turn + ring * np.pi / 2))
        line = np.stack(
            [center[0] + r * np.cos(turn), center[1] + r * np.sin(turn)], axis=1
        ).astype(np.int32)
        cv2.polylines(picture, [line], True, ink, 2, cv2.LINE_AA)
    cv2.circle(picture, center, int(radius * 1.08), ink, 2, cv2.LINE_AA)
    cv2.circle(picture, center, int(radius * 0.10), ink, -1, cv2.LINE_AA)


@lru_cache
def face(name: str) -> Any:
    """A font of the package."""
    module: Any = cv2
    return module.FontFace(str(FONTS / f"EBGaramond-{name}.ttf"))


def text_width(words: str, size: int, weight: str) -> int:
    """Pixels that a line takes."""
    module: Any = cv2
    box = module.getTextSize((0, 0), words, (0, 0), face(weight), size)
    return int(box[2])


def write(
    picture: Picture,
    lines: Sequence[str],
    *,
    center: int,
    top: int,
    size: int,
    ink: Color,
    weight: str = "SemiBold",
) -> int:
    """Write centered lines in place; answers the y below the last one."""
    module: Any = cv2
    canvas = np.clip(picture * 255, 0, 255).astype(np.uint8)
    paint = tuple(int(255 * part) for part in ink)
    baseline = top
    for line in lines:
        baseline += int(size * 1.25)
        left = center - text_width(line, size, weight) // 2
        module.putText(canvas, line, (left, baseline), paint, face(weight), size)
    changed = np.any(canvas != np.clip(picture * 255, 0, 255).astype(np.uint8), axis=2)
    picture[changed] = canvas[changed].astype(np.float32) / 255
    return baseline


def wrap(words: str, size: int, room: int, weight: str = "SemiBold") -> list[str]:
    """Break words into lines that fit into `room` pixels."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size, weight) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines
