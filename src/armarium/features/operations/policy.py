"""Who may look behind the scenes of a space, and what an archive of one holds."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from armarium.features.spaces import NotAnOwner
from armarium.platform.archive import BadArchive
from armarium.platform.http.principal import Principal


def demand_owner(caller: Principal) -> None:
    """Refuse all but the owner of the space that the caller acts in."""
    if caller.space_role != "owner":
        raise NotAnOwner


REBUILT = ("search_", "media_variants", "events", "operations_", "space_keys", "item_secrets")
"""Made again from the rest where an archive is brought in, or of no use elsewhere."""
KEPT_OUT = frozenset(
    {
        "spaces_member",
        "spaces_grant",
        "spaces_invitation",
        "spaces_link",
        "spaces_model_call",
        "spaces_quota",
    }
)
"""In the archive to be read; of other people and of this server, so never brought in."""
ENDED = {"scans": "failed", "scan_photos": "failed"}
FINAL = frozenset({"done", "failed"})
PEOPLE = frozenset({"created_by", "actor", "added_by", "requested_by"})
README = """Everything that Armarium kept of {email}.

account, made_at and the list of all files with their SHA-256: manifest.json
data/TABLE.jsonl: one row a line, as JSON
pictures/ID: original pictures as they were sent (blobs.jsonl says of which type)

Rows: {rows}. Pictures: {pictures}.

The search index and small pictures are left out: they are made again. Passwords, keys and the
secrets of share links are left out: they open nothing elsewhere.

Bring it into another Armarium on its page Settings, Your data, or there with:
armarium import FILE --for E-MAIL
"""


def rebuilt(table: str) -> bool:
    """Whether an archive leaves a table out."""
    return table.startswith(REBUILT)


def tells(
    table: str,
    row: Mapping[str, Any],
    pictures: AbstractSet[UUID],
    targets: AbstractSet[tuple[str, UUID]],
) -> bool:
    """Whether an archive takes a row of a table that no policy parts by private rooms.

    `pictures` are the blobs that the person may see, `targets` what shared links may point to.
    """
    match table:
        case "blobs":
            return row["id"] in pictures
        case "spaces_link":
            return row["target"] == "space" or (row["target"], row["target_id"]) in targets
        case "review_acts":
            return row["created_by"] == row["space_id"]
        case _:
            return True


def readme(email: str, counts: Mapping[str, int], pictures: int) -> str:
    """What the file is, for people."""
    return README.format(email=email, rows=sum(counts.values()), pictures=pictures)


def collection_id(space_id: UUID, old: UUID) -> UUID:
    """The id that a named collection gets where it is brought in; the same each time.

    Never the old one: the id of a private collection stands beside spaces in the policies, so an
    archive that chose it freely could name somebody else's.
    """
    return uuid5(space_id, f"collection:{old}")


@dataclass(frozen=True, slots=True)
class Move:
    """From whose space to whose."""

    before: UUID
    space_id: UUID

    def row(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """A decoded row as it belongs to the new space.

        Raises:
            BadArchive: a row of a space that the archive is not of.
        """
        if row.get("space_id") != self.before:
            raise BadArchive(f"{table} holds a row of another space.")
        moved = {**row, "space_id": self.space_id}
        for name in PEOPLE & moved.keys():
            moved[name] = self.space_id if moved[name] == self.before else None
        if table in {"scans", "review_acts"}:
            moved["created_by"] = self.space_id
        if table in ENDED and moved.get("status") not in FINAL:
            moved["status"] = ENDED[table]
        if table == "spaces_collection":
            moved["id"] = collection_id(self.space_id, row["id"])
        if table == "collection_items":
            moved["collection_id"] = collection_id(self.space_id, row["collection_id"])
        return moved
