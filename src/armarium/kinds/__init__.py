"""What can be collected: kinds with their fields, identifiers, grades and vocabularies.

Pure data and functions. Rooms ask `registry()` for a kind and `Kind.validate` for clean values;
plug-ins declare a `Kind` under the entry-point group `armarium.kinds`.
"""

from armarium.kinds.fields import Checked, Field, FieldError, FieldType, check_fields
from armarium.kinds.kind import API_VERSION, GradeScale, Identifier, Kind
from armarium.kinds.registry import Registry, registry
from armarium.kinds.vocabularies import (
    ITEM_STATUSES,
    OWNED_STATUSES,
    VOCABULARIES,
    Term,
    Vocabulary,
    band_of_grade,
    era_of,
    is_owned,
)

__all__ = [
    "API_VERSION",
    "ITEM_STATUSES",
    "OWNED_STATUSES",
    "VOCABULARIES",
    "Checked",
    "Field",
    "FieldError",
    "FieldType",
    "GradeScale",
    "Identifier",
    "Kind",
    "Registry",
    "Term",
    "Vocabulary",
    "band_of_grade",
    "check_fields",
    "era_of",
    "is_owned",
    "registry",
]
