"""Pictures that the program draws itself, for the demonstration collection: no photo, no download.

Called by entry/demo. Everything follows from a seed, so that the same collection looks the same.
"""

from armarium.adapters.renderings.objects import render_book, render_card, render_print

__all__ = ["render_book", "render_card", "render_print"]
