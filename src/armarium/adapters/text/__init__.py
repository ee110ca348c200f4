"""Meaning of short texts with all-MiniLM-L6-v2, quantized to 8 bits: English, offline."""

from armarium.adapters.text.minilm import MiniLm

__all__ = ["MiniLm"]
