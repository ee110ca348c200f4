"""Child processes that cannot outlive the thread that started them."""

from armarium.platform.processes.spawn import Account, alive, spawn

__all__ = ["Account", "alive", "spawn"]
