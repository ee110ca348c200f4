"""Image engines. Built by entry/wiring."""

from armarium.adapters.images.vips import VipsImages

__all__ = ["VipsImages"]
