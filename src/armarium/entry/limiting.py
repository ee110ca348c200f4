"""Rate limits as the settings want them."""

from armarium.adapters.limits import MemoryLimits
from armarium.entry.settings_safety import LimitSettings
from armarium.platform.http.limits import LimitClass, Limits
from armarium.ports.limits import LimitStore


def limits_of(settings: LimitSettings) -> Limits:
    """What each class of routes allows, by caller and by address."""
    if not settings.enabled:
        return Limits({}, {})
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


def limit_store(settings: LimitSettings) -> LimitStore:
    """In the process, or in the Redis that a fleet shares."""
    if settings.url is None or not settings.enabled:
        return MemoryLimits()
    from armarium.adapters.limits.shared import RedisLimits  # noqa: PLC0415  # an optional library

    return RedisLimits(settings.url.get_secret_value(), fallback=MemoryLimits())
