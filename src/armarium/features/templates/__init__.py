"""Templates: what a space adds to the kinds. Today: fields of its own.

Public face: `Templates`.
"""

from armarium.features.templates.models import FieldChange, FieldDraft, OwnField
from armarium.features.templates.service import Templates
from armarium.features.templates.store import OWNED

__all__ = ["OWNED", "FieldChange", "FieldDraft", "OwnField", "Templates"]
