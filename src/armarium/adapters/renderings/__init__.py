"""Pictures that the program draws itself, for the demonstration collection: no photo, no download.

Called by entry/demo. Everything follows from a seed, so that the same collection looks the same.
"""

from armarium.adapters.renderings.objects import render_book, render_card, render_print
from armarium.adapters.renderings.photos import render_photo

__all__ = ["render_book", "render_card", "render_photo", "render_print"]
