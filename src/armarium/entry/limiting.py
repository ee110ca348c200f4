"""Rate limits as the settings want them."""

from armarium.adapters.limits import MemoryLimits
from armarium.entry.settings import Settings
from armarium.platform.http.limits import LimitClass, Limits
from armarium.ports.limits import LimitStore

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_at_home(settings: Settings) -> bool:
    """Whether the server is reached from its own machine alone, as far as it can know."""
    return settings.host in LOOPBACK and settings.public_url is None and not settings.trusted_hops


def limits_of(whole: Settings) -> Limits:
    """What each class of routes allows, by caller and by address.

    They always hold. At home they are so wide that only a program that runs away meets them: the
    owner's scripts and imports all come from one address, and nobody else can guess passwords.
    """
    settings = whole.limits
    if not settings.enabled:
        return Limits({}, {})
    times = settings.at_home if is_at_home(whole) else 1
    by_caller: dict[LimitClass, int] = {
        "api": settings.api,
        "browsing": settings.browsing,
        "media": settings.media,
        "uploads": settings.uploads,
        "scans": settings.scans,
        "exports": settings.exports,
        "events": settings.events,
    }
    # A household behind one address is a few people.
    several = settings.address / settings.api if settings.api else 3
    shared = settings.address > 0
    by_address: dict[LimitClass, int] = {
        kind: round(limit * several) if shared else 0 for kind, limit in by_caller.items()
    }
    by_address |= {"api": settings.address, "auth": settings.auth}
    return Limits(
        {kind: limit * times for kind, limit in by_caller.items()},
        {kind: limit * times for kind, limit in by_address.items()},
        streams=settings.streams,
    )


def limit_store(whole: Settings) -> LimitStore:
    """In the process, or in the Redis that a fleet shares."""
    settings = whole.limits
    if settings.url is None or not settings.enabled:
        return MemoryLimits()
    from armarium.adapters.limits.shared import RedisLimits  # noqa: PLC0415  # an optional library

    return RedisLimits(settings.url.get_secret_value(), fallback=MemoryLimits())
