"""Blob stores: a local folder (default) and anything that speaks S3. Built by entry/wiring."""

from armarium.adapters.blobs.local import LocalBlobs
from armarium.adapters.blobs.s3 import S3Blobs, S3Keys, S3Settings

__all__ = ["LocalBlobs", "S3Blobs", "S3Keys", "S3Settings"]
