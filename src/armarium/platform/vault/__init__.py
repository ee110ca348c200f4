"""Envelope encryption of single columns: one data key a space, wrapped under the server's secret.

Rooms call `Vault.seal` and `Vault.open` in their own transaction and keep the bytes. A space that
is erased loses its key, and with it every copy of what was sealed, backups included.
"""

from armarium.platform.vault.rotation import OWNED, KeyState, Rotation, Sealed
from armarium.platform.vault.vault import CannotOpen, Vault

__all__ = ["OWNED", "CannotOpen", "KeyState", "Rotation", "Sealed", "Vault"]
