"""Reference catalogues: entries to identify against, importers, a space's corrections.

Other rooms call `CatalogueService`; the doors also use `CatalogueImporter`.
"""

from armarium.features.catalogue.models import (
    CatalogueSet,
    DescribeReferences,
    Entry,
    EntrySummary,
    ImportCatalogue,
    ImportOptions,
    ImportReport,
    ReferenceImage,
    TextCandidate,
    TextIdentification,
    TidyCatalogues,
)
from armarium.features.catalogue.service.browsing import CatalogueService
from armarium.features.catalogue.service.correcting import CatalogueCorrections
from armarium.features.catalogue.service.identifying import TextIdentifier
from armarium.features.catalogue.service.importing import CatalogueImporter
from armarium.features.catalogue.service.indexing import CatalogueIndexer
from armarium.features.catalogue.service.references import CatalogueReferences
from armarium.features.catalogue.service.tidying import CatalogueTidying
from armarium.features.catalogue.service.uploading import CatalogueUploads
from armarium.features.catalogue.store import OWNED

__all__ = [
    "OWNED",
    "CatalogueCorrections",
    "CatalogueImporter",
    "CatalogueIndexer",
    "CatalogueReferences",
    "CatalogueService",
    "CatalogueSet",
    "CatalogueTidying",
    "CatalogueUploads",
    "DescribeReferences",
    "Entry",
    "EntrySummary",
    "ImportCatalogue",
    "ImportOptions",
    "ImportReport",
    "ReferenceImage",
    "TextCandidate",
    "TextIdentification",
    "TextIdentifier",
    "TidyCatalogues",
]
