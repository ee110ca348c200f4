"""Why a search is refused."""

from armarium.platform.errors import Invalid, Problem


class QueryTooLong(Invalid):
    """The query is longer than 2,000 characters. Search for the words that matter."""

    code = "query_too_long"
    title = "Query too long"


class BadVector(Invalid):
    """A vector must be finite, not all zero, and of the same size as the others of its model."""

    code = "bad_vector"
    title = "Bad vector"


class MeaningUnavailable(Problem):
    """Search by meaning is not available now: no model answers. Search by words."""

    code = "meaning_unavailable"
    status = 503
    title = "Search by meaning is unavailable"
