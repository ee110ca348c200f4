"""Why a request about spaces is refused."""

from armarium.platform.errors import NotFound


class NoSuchSpace(NotFound):
    """There is no space by that id, or you are not a member of it."""

    code = "no_such_space"
