"""Why the operations room refuses."""

from armarium.platform.errors import Conflict, Forbidden


class NotADeadLetter(Conflict):
    """This job has not failed, so there is nothing to send round again."""

    code = "not_a_dead_letter"


class SpacesToHandOver(Conflict):
    """You own spaces that others would lose. Hand each over to another owner, or delete it."""

    code = "spaces_to_hand_over"


class ActsForAnother(Forbidden):
    """An administrator who acts for somebody else may not do this for them."""

    code = "acts_for_another"


class NoArchiveFile(Conflict):
    """This archive has no file: it is not made yet, could not be made, or its time is over."""

    code = "no_archive_file"


class ImportUnderWay(Conflict):
    """An archive of yours is being brought in already. Wait until it is done."""

    code = "import_under_way"
