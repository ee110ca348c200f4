"""Media: uploads, originals, thumbnails, crops.

Higher rooms keep media ids and `hold` what they use.

Public face: `MediaService` (take in, give out), `MediaPipeline` (thumbnails, crops), `MediaKeeper`
(hold, release, sweep, audit).
"""

from armarium.features.media.errors import (
    BlobUrlRefused,
    ImageProblem,
    MediaInUse,
    MediaNotFound,
    UploadIncomplete,
    UploadTooLarge,
)
from armarium.features.media.events import ImageProcessed
from armarium.features.media.models import (
    MAX_UPLOAD_BYTES,
    MAX_UPLOAD_PIXELS,
    THUMBNAIL_SIDES,
    BlobAudit,
    Media,
    MediaLimits,
    ProcessMedia,
    SweepMedia,
    Upload,
    Variant,
)
from armarium.features.media.schemas import MediaOut, media_url
from armarium.features.media.service.bringing import MediaTransfer, Pictures
from armarium.features.media.service.intake import MediaService, Picture
from armarium.features.media.service.keeping import MediaKeeper, MediaUse
from armarium.features.media.service.pipeline import MediaPipeline
from armarium.features.media.service.served import ServedBlobs
from armarium.features.media.store import OWNED, stored_bytes

__all__ = [
    "MAX_UPLOAD_BYTES",
    "MAX_UPLOAD_PIXELS",
    "OWNED",
    "THUMBNAIL_SIDES",
    "BlobAudit",
    "BlobUrlRefused",
    "ImageProblem",
    "ImageProcessed",
    "Media",
    "MediaInUse",
    "MediaKeeper",
    "MediaLimits",
    "MediaNotFound",
    "MediaOut",
    "MediaPipeline",
    "MediaService",
    "MediaTransfer",
    "MediaUse",
    "Picture",
    "Pictures",
    "ProcessMedia",
    "ServedBlobs",
    "SweepMedia",
    "Upload",
    "UploadIncomplete",
    "UploadTooLarge",
    "Variant",
    "media_url",
    "stored_bytes",
]
