"""Why the operations room refuses."""

from armarium.platform.errors import Conflict


class NotADeadLetter(Conflict):
    """This job has not failed, so there is nothing to send round again."""

    code = "not_a_dead_letter"
