"""Rate limits as the settings want them."""

from armarium.adapters.limits import MemoryLimits
from armarium.entry.settings import Settings
from armarium.platform.http.limits import LimitClass, Limits
from armarium.ports.limits import LimitStore

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def are_held(settings: Settings) -> bool:
    """Whether there are limits: on a machine that nobody else reaches they guard nothing."""
    if settings.limits.enabled == "auto":
        return settings.host not in LOOPBACK or settings.public_url is not None
    return settings.limits.enabled


def limits_of(whole: Settings) -> Limits:
    """What each class of routes allows, by caller and by address."""
    if not are_held(whole):
        return Limits({}, {})
    settings = whole.limits
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
    return Limits(by_caller, by_address, streams=settings.streams)


def limit_store(whole: Settings) -> LimitStore:
    """In the process, or in the Redis that a fleet shares."""
    settings = whole.limits
    if settings.url is None or not are_held(whole):
        return MemoryLimits()
    from armarium.adapters.limits.shared import RedisLimits  # noqa: PLC0415  # an optional library

    return RedisLimits(settings.url.get_secret_value(), fallback=MemoryLimits())
