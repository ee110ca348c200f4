"""Why the operations room refuses."""

from armarium.platform.errors import Conflict, Forbidden


class NotADeadLetter(Conflict):
    """This job has not failed, so there is nothing to send round again."""

    code = "not_a_dead_letter"


class NotTheOwner(Forbidden):
    """Only the owner of this space may see that."""

    code = "not_the_owner"
