"""Which kinds there are: the four built in, and those of installed plug-ins.

A plug-in declares an entry point in the group `armarium.kinds` that names a `Kind`. One that was
written for another API version, or that claims a taken name, is left out with its reason kept, so
that `armarium doctor` can say why; a broken plug-in never stops the product.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from armarium.kinds.art import ART
from armarium.kinds.book import BOOK
from armarium.kinds.card import CARD
from armarium.kinds.generic import GENERIC
from armarium.kinds.kind import API_VERSION, Kind

ENTRY_POINT_GROUP = "armarium.kinds"
BUILT_IN = (CARD, BOOK, ART, GENERIC)


@dataclass(frozen=True, slots=True)
class Registry:
    """The kinds by name, and the plug-ins that were refused, with reasons."""

    kinds: Mapping[str, Kind]
    refused: Mapping[str, str]

    def __iter__(self) -> Iterator[Kind]:
        """Kinds in order: built in first."""
        return iter(self.kinds.values())

    def __contains__(self, name: object) -> bool:
        """Whether there is a kind of that name."""
        return name in self.kinds

    def get(self, name: str) -> Kind | None:
        """The kind of that name, whatever the case."""
        return self.kinds.get(name.strip().lower())

    def by_path(self, path: str) -> Kind | None:
        """The kind whose collection alias is `path`."""
        return next((kind for kind in self if kind.collection_path == path), None)


def build(plugins: Iterable[EntryPoint]) -> Registry:
    """A registry of the built-in kinds and of `plugins`."""
    kinds = {kind.name: kind for kind in BUILT_IN}
    refused: dict[str, str] = {}
    for plugin in plugins:
        try:
            kind = plugin.load()
        except Exception as error:  # noqa: BLE001 - another's code; its failure is reported
            refused[plugin.name] = f"it could not be loaded: {error}"
            continue
        reason = _objection(kind, kinds)
        if reason is None:
            kinds[kind.name] = kind
        else:
            refused[plugin.name] = reason
    return Registry(kinds, refused)


def _objection(kind: object, kinds: Mapping[str, Kind]) -> str | None:
    if not isinstance(kind, Kind):
        return "it does not name a Kind"
    if kind.api_version != API_VERSION:
        return f"it is written for kinds API {kind.api_version}; this is {API_VERSION}"
    if kind.name in kinds:
        return f"the name {kind.name} is taken"
    if any(kind.collection_path == other.collection_path for other in kinds.values()):
        return f"the path {kind.collection_path} is taken"
    return None


@cache
def registry() -> Registry:
    """The kinds of this process; plug-ins are read once."""
    return build(entry_points(group=ENTRY_POINT_GROUP))
