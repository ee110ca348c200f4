"""The guarded way to the web."""

from armarium.adapters.fetch.guarded import GuardedFetch
from armarium.adapters.fetch.networks import Networks

__all__ = ["GuardedFetch", "Networks"]
