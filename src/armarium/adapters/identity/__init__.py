"""Outside issuers over HTTP."""

from armarium.adapters.identity.wire import HttpIssuerWire

__all__ = ["HttpIssuerWire"]
