"""What the room holds of a space, and what such rows may be in an archive."""

from armarium.features.media.tables import BlobRow, MediaRow, VariantRow
from armarium.platform.archive import Rule
from armarium.platform.owned import OwnedTables

RULES = {"blobs": Rule(), "media": Rule(structures={"region": 16}, each=("blob_id", 1000))}
OWNED = OwnedTables("media", BlobRow, MediaRow, VariantRow, rules=RULES)
"""Objects are not rows: after an erasure, `MediaKeeper.erase_objects` follows the commit."""
