"""Reading with PP-OCRv6 from the `rapidocr` wheel: offline, one thread, Latin and East Asian."""

from armarium.adapters.ocr.reader import PaddleReader

__all__ = ["PaddleReader"]
