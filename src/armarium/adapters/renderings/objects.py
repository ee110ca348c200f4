"""Whole objects: a bound book, a print on its sheet, a card."""

import cv2
import numpy as np

from armarium.adapters.renderings.surfaces import (
    Color,
    cloth,
    color,
    encode,
    landscape,
    paper,
    plain,
    rosette,
    seascape,
    wrap,
    write,
)

GILT: Color = (0.85, 0.70, 0.38)
INK: Color = (0.16, 0.12, 0.10)
CLOTHS = (0.97, 0.38, 0.60, 0.08, 0.75, 0.47)
"""Hues of the binder's cloths: oxblood, green, blue, brown, plum, teal."""
LONG_TITLE = 40
"""Characters above which a title is set smaller."""


def render_book(title: str, author: str, *, seed: int) -> bytes:
    """The front board of a cloth binding, blocked in gilt. 900 by 1,320 px JPEG."""
    rng = np.random.default_rng(seed)
    height, width = 1320, 900
    fill = color(CLOTHS[seed % len(CLOTHS)], 0.62, 0.36)
    board = cloth(rng, height, width, fill)
    for inset, thickness in ((46, 5), (60, 2)):
        corners = (inset, inset), (width - inset, height - inset)
        cv2.rectangle(board, *corners, GILT, thickness, cv2.LINE_AA)
    for x in (96, width - 96):
        for y in (96, height - 96):
            rosette(board, (x, y), 30, 4, GILT)
    size = 84 if len(title) < LONG_TITLE else 62
    lines = wrap(title.upper(), size, width - 220)
    below = write(board, lines, center=width // 2, top=150, size=size, ink=GILT)
    middle = max(below + 290, 760)
    rosette(board, (width // 2, middle), 185, 5 + seed % 4, GILT)
    write(board, [author], center=width // 2, top=height - 230, size=52, ink=GILT, weight="Regular")
    board[:, :34] *= np.linspace(0.55, 1.0, 34, dtype=np.float32)[None, :, None]
    return encode(board)


def render_print(caption: str, *, seed: int, sea: bool = False, wide: bool = True) -> bytes:
    """A print with its margins and penciled caption. 1,400 px on the long side, JPEG."""
    rng = np.random.default_rng(seed)
    height, width = (1000, 1400) if wide else (1400, 1000)
    sheet = paper(rng, height, width)
    top, left, bottom, right = 80, 90, height - 150, width - 90
    draw = seascape if sea else landscape
    sheet[top:bottom, left:right] = draw(rng, bottom - top, right - left)
    cv2.rectangle(sheet, (left - 8, top - 8), (right + 8, bottom + 8), (0.72, 0.67, 0.58), 2)
    write(
        sheet,
        wrap(caption, 34, width - 200, "Regular")[:1],
        center=width // 2,
        top=bottom + 30,
        size=34,
        ink=(0.35, 0.33, 0.31),
        weight="Regular",
    )
    return encode(sheet)


def render_card(name: str, number: str, series: str, *, seed: int) -> bytes:
    """A card with frame, picture, name and number. 750 by 1,050 px JPEG."""
    rng = np.random.default_rng(seed)
    height, width = 1050, 750
    card = plain(height, width, (0.96, 0.95, 0.92))
    hue = float(rng.uniform(0, 1))
    frame = cloth(rng, height - 60, width - 60, color(hue, 0.45, 0.62))
    card[30:-30, 30:-30] = frame
    top, bottom, left, right = 150, 800, 75, width - 75
    draw = seascape if seed % 3 == 0 else landscape
    card[top:bottom, left:right] = draw(rng, bottom - top, right - left)
    cv2.rectangle(card, (left, top), (right, bottom), INK, 3, cv2.LINE_AA)
    rosette(card, (width // 2, (top + bottom) // 2), 170, 3 + seed % 5, (0.97, 0.92, 0.78))
    card[50:130, left:right] = (0.95, 0.92, 0.85)
    write(card, [name], center=width // 2, top=45, size=54, ink=INK)
    card[830:990, left:right] = (0.95, 0.92, 0.85)
    lines = wrap(series, 36, right - left - 40, "Regular")[:2]
    write(card, lines, center=width // 2, top=832, size=36, ink=INK, weight="Regular")
    write(card, [number], center=width // 2, top=918, size=42, ink=INK)
    return encode(card)
