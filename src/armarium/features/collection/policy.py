"""What an item may hold, and what follows from it: titles, typed rows, the search document.

Pure functions. Everything here can be computed again from an item and its kind, so the rows made
from it are projections that may be rebuilt.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.models import (
    IMAGE_ROLES,
    MAX_IDENTIFIERS,
    MAX_NOTES,
    MAX_QUANTITY,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    UNSET,
    Change,
    Cost,
    Item,
    ItemChange,
    ItemIdentifier,
    ItemState,
    NewImage,
    NewItem,
    ShownItem,
    TypedValue,
    Unset,
    Values,
)
from armarium.features.search import SearchDocument
from armarium.kinds import (
    ITEM_STATUSES,
    Field,
    FieldError,
    FieldType,
    Kind,
    check_fields,
    registry,
)
from armarium.kit.dates import parse_years
from armarium.kit.text import clean_line, fold, words

T = TypeVar("T")

CREATOR_FIELDS = (
    "authors", "artists", "maker", "player", "illustrator", "illustrators", "editors",
    "translators",
)  # fmt: skip
SET_FIELDS = ("set_name", "series", "publisher")
"""By name, so that kinds of plug-ins take part when they name their fields as the built-in do."""

CREATOR, SET = "@creator", "@set"
"""Typed rows of these names hold the words by which `creator` and `set` filters find an item."""

OWN_PREFIX = "own."
"""Typed rows of a space's own fields are named so, apart from the kind's fields."""

KEY_LENGTH = 200
"""Characters of a text that filters and sorting compare."""

SHOWN_GROUPS = frozenset({"main", "variant", "physical", "condition", "slab"})
NEVER_SHOWN = frozenset({"cert_number", "copy_number", "inscription"})
"""What would let a stranger claim the very copy, or names a person."""

SHOWN_ROLES = frozenset(IMAGE_ROLES) - {"label"}
"""A label may show where the thing stands, or what it cost."""

WISHES = frozenset({"wanted", "watchlist"})

CURRENCY = re.compile("[A-Z]{3}")
MAX_AMOUNT = 10**15

FIRST_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def kind_of(name: str) -> Kind:
    """The kind, or the refusal that lists what there is."""
    kind = registry().get(name)
    if kind is None:
        known = ", ".join(each.name for each in registry())
        raise InvalidItem(f"There is no such kind. Known: {known}.", pointer="/kind")
    return kind


def status_of(text: str) -> str:
    """The stored spelling of a status, however it was written (`IN_TRANSIT`)."""
    term = ITEM_STATUSES.find(text)
    if term is None:
        raise InvalidItem(f"Choose one of: {', '.join(ITEM_STATUSES.values)}.", pointer="/status")
    return term.value


def role_of(text: str) -> str:
    """The stored spelling of an image's role."""
    role = text.strip().lower().replace(" ", "_").replace("-", "_")
    if role not in IMAGE_ROLES:
        raise InvalidItem(f"Choose one of: {', '.join(IMAGE_ROLES)}.", pointer="/role")
    return role


def checked_values(
    kind: Kind, fields: Values, own: Sequence[Field], own_values: Values
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Clean values of both sorts, or one refusal that names every bad one."""
    kinds, spaces = kind.validate(fields), check_fields(own, own_values)
    errors = [_error("/fields", each) for each in kinds.errors]
    errors += [_error("/own_fields", each) for each in spaces.errors]
    if errors:
        raise InvalidItem(errors=errors)
    return dict(kinds.values), dict(spaces.values)


def _error(prefix: str, error: FieldError) -> dict[str, str]:
    return {"pointer": prefix + error.pointer, "code": error.code, "detail": error.detail}


def with_title(
    kind: Kind, title: str | None, fields: Values, *, overwrite: bool = False
) -> tuple[str, dict[str, Any]]:
    """The title and the fields that agree with it.

    A given title also fills the field that the kind's template begins with, when that is empty
    (or `overwrite`) and the template then gives the same title; so forms, filters and exports see
    it too.
    """
    given_title = clean_line(title or "")
    if len(given_title) > MAX_TITLE:
        raise InvalidItem(f"At most {MAX_TITLE} characters.", pointer="/title")
    if not given_title:
        made = kind.title(fields)
        if not made:
            raise InvalidItem("Give a title, or the fields that make one.", pointer="/title")
        return made[:MAX_TITLE], dict(fields)
    first = FIRST_PLACEHOLDER.search(kind.title_template)
    if first is not None and (overwrite or first[1] not in fields):
        filled = {**fields, first[1]: given_title}
        if kind.title(filled) == given_title:
            return given_title, filled
    return given_title, dict(fields)


def checked_notes(text: str) -> str:
    """Free text without NUL, bounded."""
    notes = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(notes) > MAX_NOTES:
        raise InvalidItem(f"At most {MAX_NOTES} characters.", pointer="/notes")
    return notes


def checked_quantity(quantity: int) -> int:
    """One or more of the same thing in one record."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidItem(f"From 1 to {MAX_QUANTITY}.", pointer="/quantity")
    return quantity


def checked_cost(cost: Cost) -> Cost:
    """Amounts that a currency has, not below nothing."""
    currency = cost.currency.strip().upper()
    if not CURRENCY.fullmatch(currency):
        raise InvalidItem("Give the three letters of ISO 4217, like EUR.", pointer="/cost/currency")
    for name, amount in (("amount_minor", cost.amount_minor), ("fees_minor", cost.fees_minor)):
        if not 0 <= amount <= MAX_AMOUNT:
            raise InvalidItem("From 0 to a thousand billion.", pointer=f"/cost/{name}")
    source = clean_line(cost.source)
    if len(source) > MAX_TITLE:
        raise InvalidItem(f"At most {MAX_TITLE} characters.", pointer="/cost/source")
    return replace(cost, currency=currency, source=source)


def checked_tags(tags: Iterable[str]) -> dict[str, str]:
    """Tags by the key under which they are the same (`Blue box`, `blue  box`), in order."""
    found: dict[str, str] = {}
    for tag in tags:
        name = clean_line(tag)
        if len(name) > MAX_TAG:
            raise InvalidItem(f"A tag has at most {MAX_TAG} characters.", pointer="/tags")
        if name:
            found.setdefault(fold(name), name)
    if len(found) > MAX_TAGS:
        raise InvalidItem(f"At most {MAX_TAGS} tags.", pointer="/tags")
    return found


def checked_images(images: Iterable[NewImage]) -> list[NewImage]:
    """Roles spelled as stored; each picture once."""
    found = {each.media_id: NewImage(each.media_id, role_of(each.role)) for each in images}
    return list(found.values())


def identifiers(
    kind: Kind, fields: Values, given: Iterable[tuple[str, str]]
) -> tuple[ItemIdentifier, ...]:
    """Those that follow from the fields, then those that were given, each once."""
    found = {
        (scheme, value): ItemIdentifier(scheme, value, derived=True)
        for scheme, value in kind.identifiers_of(fields)
    }
    for raw_scheme, raw_value in given:
        scheme = squeeze_scheme(raw_scheme)
        value = clean_line(raw_value)[:KEY_LENGTH]
        if not scheme or not value:
            raise InvalidItem("An identifier has a scheme and a value.", pointer="/identifiers")
        found.setdefault((scheme, value), ItemIdentifier(scheme, value, derived=False))
    if len(found) > MAX_IDENTIFIERS:
        raise InvalidItem(f"At most {MAX_IDENTIFIERS} identifiers.", pointer="/identifiers")
    return tuple(found.values())


def squeeze_scheme(text: str) -> str:
    """`TCGdex ID` and `tcgdex-id` are the scheme `tcgdex_id`."""
    return "_".join(words(text))[:60]


def text_key(text: str) -> str:
    """How texts compare in filters and sorting: folded, single spaces, bounded."""
    return " ".join(fold(clean_line(text)).split())[:KEY_LENGTH]


def texts_of(values: Values, names: Iterable[str]) -> list[str]:
    """The values of these fields as texts, in order; lists give each part."""
    found: list[str] = []
    for name in names:
        value = values.get(name)
        found += [str(part) for part in value] if isinstance(value, list) else []
        found += [str(value)] if isinstance(value, str | int | float) else []
    return found


def year_of(kind: Kind, fields: Values) -> int | None:
    """The first year of the kind's first year field."""
    for declared in kind.fields:
        if declared.type is FieldType.YEAR and (text := fields.get(declared.name)):
            years = parse_years(str(text))
            return None if years is None else years.first
    return None


def typed_values(
    kind: Kind, fields: Values, own: Sequence[Field], own_values: Values
) -> list[TypedValue]:
    """The rows that filters by field read."""
    found: list[TypedValue] = []
    for declared in kind.fields:
        if declared.filterable:
            found += _typed(declared.name, declared, fields.get(declared.name))
    for declared in own:
        found += _typed(OWN_PREFIX + declared.name, declared, own_values.get(declared.name))
    found += _searchable(CREATOR, texts_of(fields, CREATOR_FIELDS))
    found += _searchable(SET, texts_of(fields, SET_FIELDS))
    return found


def _typed(name: str, declared: Field, value: Any) -> list[TypedValue]:
    parts = value if isinstance(value, list) else [value]
    rows = [typed(name, position, declared, part) for position, part in enumerate(parts)]
    return [row for row in rows if row is not None]


def typed(name: str, position: int, declared: Field, value: Any) -> TypedValue | None:
    """One value in the column that its field compares in; None for none."""
    if value is None:
        return None
    match declared.type:
        case FieldType.INTEGER | FieldType.BOOLEAN:
            return TypedValue(name, position, integer=int(value))
        case FieldType.YEAR:
            years = parse_years(str(value))
            first = None if years is None else years.first
            return None if first is None else TypedValue(name, position, integer=first)
        case FieldType.DECIMAL:
            return TypedValue(name, position, decimal=float(value))
        case FieldType.DATE:
            day = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
            return TypedValue(name, position, instant=day)
        case _:
            return TypedValue(name, position, text=text_key(str(value)))


def _searchable(name: str, texts: Sequence[str]) -> list[TypedValue]:
    """Each whole text and each of its words, so that a beginning of either finds the item."""
    keys = dict.fromkeys(text_key(text) for text in texts)
    keys |= dict.fromkeys(word for text in texts for word in words(text))
    bounded = [key for key in keys if key][:KEY_LENGTH]
    return [TypedValue(name, position, text=key) for position, key in enumerate(bounded)]


def search_document(item: Item) -> SearchDocument:
    """The item as the search room keeps it."""
    kind = registry().get(item.kind)
    parts = [] if kind is None else [part for each in kind.identifiers for part in each.parts]
    named = (*CREATOR_FIELDS, *SET_FIELDS, "notes", *parts)
    rest = [name for name in item.fields if name not in named]
    body = [*texts_of(item.fields, rest), *texts_of(item.own_fields, item.own_fields), *item.tags]
    body.append(item.read_text)
    identifying = dict.fromkeys(
        (*texts_of(item.fields, parts), *(each.value for each in item.identifiers))
    )
    return SearchDocument(
        space_id=item.audience,
        id=item.id,
        kind=item.kind,
        status=item.status,
        title=item.title,
        subtitle=item.subtitle,
        identifiers=tuple(identifying),
        creators=tuple(texts_of(item.fields, CREATOR_FIELDS)),
        series=" · ".join(texts_of(item.fields, SET_FIELDS)),
        body="\n".join(body),
        notes="\n".join(filter(None, (item.notes, *texts_of(item.fields, ("notes",))))),
        cover_media_id=item.cover_media_id,
    )


def state_of(new: NewItem, own: Sequence[Field]) -> ItemState:
    """What is stored of a new item; refuses with every bad value named."""
    kind = kind_of(new.kind)
    fields, own_values = checked_values(kind, new.fields, own, new.own_fields)
    title, fields = with_title(kind, new.title, fields)
    return _state(kind, replace(new, title=title, fields=fields, own_fields=own_values), own)


def state_before(item: Item, own: Sequence[Field]) -> ItemState:
    """What is stored of an item now; nothing is checked again, rules may have changed since."""
    return _state(kind_of(item.kind), _as_new(item), own)


def state_after(item: Item, change: ItemChange, own: Sequence[Field]) -> ItemState:
    """What is stored of an item once `change` is made.

    Only what the change names is checked. Values of archived or no longer declared fields stay,
    unless all is replaced. A title that the template made follows the fields.
    """
    kind = kind_of(item.kind)
    known, own_names = {each.name for each in kind.fields}, {each.name for each in own}
    kept, fields = _merged(item.fields, change.fields, known, replace_all=change.replace)
    own_kept, own_values = _merged(
        item.own_fields, change.own_fields, own_names, replace_all=change.replace
    )
    checked, own_checked = checked_values(
        kind,
        {} if change.fields is UNSET else fields,
        () if change.own_fields is UNSET else own,
        {} if change.own_fields is UNSET else own_values,
    )
    fields = {**kept, **(fields if change.fields is UNSET else checked)}
    own_values = {**own_kept, **(own_values if change.own_fields is UNSET else own_checked)}
    title, fields = _title_after(kind, item, change, fields)
    old = _as_new(item)
    new = replace(
        old,
        title=title,
        fields=fields,
        own_fields=own_values,
        status=given(change.status, item.status),
        notes=given(change.notes, item.notes),
        quantity=given(change.quantity, item.quantity),
        catalogue_entry_id=given(change.catalogue_entry_id, item.catalogue_entry_id),
        identifiers=given(change.identifiers, old.identifiers),
        tags=given(change.tags, item.tags),
        read_text=given(change.read_text, item.read_text),
    )
    return _state(kind, new, own)


def _merged(
    before: Values, change: Values | Unset, known: set[str], *, replace_all: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What lies outside the known fields and stays, and what is to be checked and stored."""
    stays = {name: value for name, value in before.items() if name not in known}
    there = {name: value for name, value in before.items() if name in known}
    if isinstance(change, Unset):
        return stays, there
    if replace_all:
        return {}, dict(change)
    both = {**there, **change}
    return stays, {name: value for name, value in both.items() if value is not None}


def _title_after(
    kind: Kind, item: Item, change: ItemChange, fields: Values
) -> tuple[str, dict[str, Any]]:
    made_by_template = item.title == kind.title(item.fields)
    if not isinstance(change.title, Unset):
        follows = made_by_template and change.fields is UNSET
        return with_title(kind, change.title, fields, overwrite=follows)
    if made_by_template:
        return (kind.title(fields) or item.title)[:MAX_TITLE], dict(fields)
    return item.title, dict(fields)


def _as_new(item: Item) -> NewItem:
    return NewItem(
        kind=item.kind,
        title=item.title,
        status=item.status,
        fields=item.fields,
        own_fields=item.own_fields,
        notes=item.notes,
        quantity=item.quantity,
        catalogue_entry_id=item.catalogue_entry_id,
        identifiers=[(each.scheme, each.value) for each in item.identifiers if not each.derived],
        tags=item.tags,
        read_text=item.read_text,
    )


def _state(kind: Kind, new: NewItem, own: Sequence[Field]) -> ItemState:
    """The rest of the checks, and the projections, over clean values."""
    creators, sets = texts_of(new.fields, CREATOR_FIELDS), texts_of(new.fields, SET_FIELDS)
    return ItemState(
        kind=kind.name,
        title=new.title or "",
        subtitle=kind.subtitle(new.fields),
        status=status_of(new.status),
        fields=new.fields,
        own_fields=new.own_fields,
        notes=checked_notes(new.notes),
        read_text=new.read_text.replace("\x00", "").strip()[:MAX_NOTES],
        quantity=checked_quantity(new.quantity),
        catalogue_entry_id=new.catalogue_entry_id,
        identifiers=identifiers(kind, new.fields, new.identifiers),
        tags=checked_tags(new.tags),
        values=tuple(typed_values(kind, new.fields, own, new.own_fields)),
        creator_key=text_key(creators[0]) if creators else "",
        set_key=text_key(sets[0]) if sets else "",
        year=year_of(kind, new.fields),
    )


def shown_item(item: Item, *, with_price: bool) -> ShownItem:
    """What strangers see of an item."""
    kind = registry().get(item.kind)
    declared = () if kind is None else kind.fields
    names = [
        each.name
        for each in declared
        if each.group in SHOWN_GROUPS and each.name not in NEVER_SHOWN
    ]
    price = item.cost if with_price else None
    return ShownItem(
        id=item.id,
        kind=item.kind,
        title=item.title,
        subtitle=item.subtitle,
        fields={name: item.fields[name] for name in names if name in item.fields},
        images=tuple(each for each in item.images if each.role in SHOWN_ROLES),
        wanted=item.status in WISHES,
        cost=price and Cost(price.amount_minor, price.currency),
    )


def given(value: T | Unset, otherwise: T) -> T:
    """The value of a change, or what there was."""
    return otherwise if isinstance(value, Unset) else value


def differences(before: ItemState, after: ItemState) -> list[Change]:
    """What a change changed, field by field, for the history."""
    found = [
        Change(name, getattr(before, name), getattr(after, name))
        for name in ("title", "status", "notes", "quantity", "catalogue_entry_id")
        if getattr(before, name) != getattr(after, name)
    ]
    for prefix, old, new in (
        ("fields.", before.fields, after.fields),
        (OWN_PREFIX, before.own_fields, after.own_fields),
    ):
        found += [
            Change(prefix + name, old.get(name), new.get(name))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]
    if before.tags != after.tags:
        found.append(Change("tags", list(before.tags.values()), list(after.tags.values())))
    if before.identifiers != after.identifiers:
        found.append(Change("identifiers", _shown(before), _shown(after)))
    return found


def _shown(state: ItemState) -> list[str]:
    return [f"{each.scheme}:{each.value}" for each in state.identifiers]
