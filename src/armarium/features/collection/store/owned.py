"""What the room holds of a space, and what such rows may be in an archive."""

from armarium.features.collection.models import (
    MAX_IDENTIFIERS,
    MAX_IMAGES,
    MAX_NOTES,
    MAX_QUANTITY,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    Cost,
)
from armarium.features.collection.policy import KEY_LENGTH, checked_cost, role_of
from armarium.features.collection.tables import (
    CollectedRow,
    HistoryRow,
    IdentifierRow,
    ImageRow,
    ItemRow,
    MoneyRow,
    SecretRow,
    TagRow,
    ValueRow,
)
from armarium.features.spaces import MAX_COLLECTIONS
from armarium.platform.archive import WORD, Row, Rule
from armarium.platform.owned import OwnedTables


def _money(row: Row) -> None:
    checked_cost(Cost(row["amount_minor"], row["currency"], row["fees_minor"], None, row["source"]))


ITS = ("item_id", "items")
RULES = {
    "items": Rule(
        texts={
            "title": MAX_TITLE,
            "title_key": MAX_TITLE * 4,
            "subtitle": MAX_NOTES,
            "notes": MAX_NOTES,
            "read_text": 20 * MAX_NOTES,
        },
        structures={"fields": 1024, "own_fields": 1024},
        numbers={"quantity": (1, MAX_QUANTITY)},
    ),
    "item_identifiers": Rule(
        part_of=ITS,
        texts={"scheme": WORD, "value": MAX_TITLE},
        each=("item_id", 2 * MAX_IDENTIFIERS),
    ),
    "item_tags": Rule(
        part_of=ITS, texts={"name": MAX_TAG, "key": MAX_TAG * 4}, each=("item_id", MAX_TAGS)
    ),
    "item_images": Rule(
        part_of=ITS,
        shows="media_id",
        each=("item_id", MAX_IMAGES),
        check=lambda row: role_of(row["role"]),
    ),
    "item_values": Rule(part_of=ITS, texts={"text_value": KEY_LENGTH}, each=("item_id", 10_000)),
    "item_history": Rule(part_of=ITS, structures={"changes": 2048}, each=("item_id", 10_000)),
    "item_money": Rule(part_of=ITS, check=_money),
    "collection_items": Rule(part_of=ITS, each=("item_id", MAX_COLLECTIONS)),
}
OWNED = OwnedTables(
    "collection",
    ItemRow,
    IdentifierRow,
    TagRow,
    ImageRow,
    ValueRow,
    HistoryRow,
    CollectedRow,
    MoneyRow,
    SecretRow,
    rules=RULES,
)
