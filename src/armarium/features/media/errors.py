"""Why the media room refuses."""

from armarium.platform.errors import NotFound, Problem
from armarium.ports.images import ImageRefused


class MediaNotFound(NotFound):
    """There is no such picture, or it is not yours to see."""

    code = "media_not_found"


class UploadTooLarge(Problem):
    """The file is larger than an upload may be. Make it smaller, or compress it better."""

    code = "upload_too_large"
    status = 413
    title = "File too large"


class UploadBeyondTicket(Problem):
    """More bytes came than the upload was announced with. Ask for a ticket of the file's size."""

    code = "upload_beyond_ticket"
    status = 413
    title = "File larger than announced"


class UploadIncomplete(Problem):
    """No bytes have arrived for this upload. Send the file to the ticket's address first."""

    code = "upload_incomplete"
    status = 409
    title = "Upload incomplete"


class EmptyUpload(Problem):
    """The file is empty."""

    code = "upload_empty"
    status = 422
    title = "Empty file"


class MediaInUse(Problem):
    """The picture belongs to an item or a scan. Take it from there first."""

    code = "media_in_use"
    status = 409
    title = "Picture in use"


class MediaNotReady(Problem):
    """This size of the picture is not made yet. Ask again in a moment."""

    code = "media_not_ready"
    status = 404
    title = "Not ready yet"


class AuditTooLarge(Problem):
    """More objects lack a row than a repair may delete at once. Look at the dry run first."""

    code = "audit_too_large"
    status = 409
    title = "Repair refused"


class BlobUrlRefused(Problem):
    """The link is not valid, or has expired. Ask for a new one."""

    code = "blob_url_refused"
    status = 403
    title = "Link refused"


class UnsupportedImage(Problem):
    """The file is not a picture that can be kept: JPEG, PNG, WebP, TIFF or HEIC."""

    code = "unsupported_image"
    status = 415
    title = "Unsupported file"


class HeicDecoderMissing(UnsupportedImage):
    """This installation can't decode HEIC pictures. Send JPEG instead."""

    code = "heic_decoder_missing"


class TooManyPixels(UnsupportedImage):
    """The picture has more pixels than can be decoded safely. Scale it down first."""

    code = "too_many_pixels"
    status = 422
    title = "Picture too large"


class ImageProblem(UnsupportedImage):
    """The picture is broken and can't be decoded. Take or export it again."""

    code = "broken_image"
    status = 422
    title = "Broken picture"


def image_problem(refused: ImageRefused) -> Problem:
    """The problem that says what the image engine said."""
    classes = (UnsupportedImage, HeicDecoderMissing, TooManyPixels, ImageProblem)
    return {each.code: each for each in classes}[refused.code](refused.detail, pointer="/file")
