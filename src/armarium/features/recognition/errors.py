"""Why recognition refuses."""

from armarium.platform.errors import Conflict, Invalid, NotFound


class NoFiles(Invalid):
    """Send at least one photo in `files`."""

    code = "no_files"


class TooManyFiles(Invalid):
    """Send at most 50 photos in one scan; start another scan for the rest."""

    code = "too_many_files"


class UnknownKind(Invalid):
    """There is no kind of that name. `GET /api/v1/kinds` lists them."""

    code = "unknown_kind"


class UnknownCatalogue(Invalid):
    """There is no catalogue of that name. `GET /api/v1/catalogues` lists them."""

    code = "unknown_catalogue"


class UnknownEntry(Invalid):
    """There is no catalogue entry by that id."""

    code = "unknown_entry"


class ScanNotFound(NotFound):
    """There is no scan by that id, or it is not yours to see."""


class DetectionNotFound(NotFound):
    """There is no detection by that id, or it is not yours to see."""


class AlreadyDecided(Conflict):
    """This detection was decided before. Undo that first, or load the inbox again."""

    code = "already_decided"


class StillReading(Conflict):
    """This detection is still being read. It can be decided in a moment."""

    code = "still_reading"


class NoCandidate(Conflict):
    """There is no candidate to accept. Choose an entry, type the number, or name it."""

    code = "no_candidate"


class NothingChosen(Invalid):
    """Give either `catalogue_entry_id` or `title`."""

    code = "nothing_chosen"


class NothingToUndo(Conflict):
    """There is nothing to undo here, or what it made was changed since."""

    code = "nothing_to_undo"


class NotOnePhoto(Invalid):
    """Only detections of the same photo can be merged; name at least two."""

    code = "not_one_photo"


class BadBox(Invalid):
    """A box needs four corners inside the photo that enclose an area."""

    code = "bad_box"
