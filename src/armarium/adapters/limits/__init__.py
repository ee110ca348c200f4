"""Stores of rate limits."""

from armarium.adapters.limits.memory import MemoryLimits

__all__ = ["MemoryLimits"]
