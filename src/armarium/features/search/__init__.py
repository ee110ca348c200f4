"""The index and the query: true BM25, vectors, and both fused, over what other rooms push here.

Rooms above call `SearchIndex.put` and `.remove` in their own transactions, and
`SearchService.search`.
"""

from armarium.features.search.models import (
    AuditReport,
    EmbedDocuments,
    Facet,
    Highlight,
    SearchDocument,
    SearchMode,
    SearchQuery,
    SearchResult,
    SearchResults,
    Widening,
)
from armarium.features.search.service import (
    SearchAudit,
    SearchEmbedding,
    SearchIndex,
    SearchService,
)
from armarium.features.search.store import OWNED

__all__ = [
    "OWNED",
    "AuditReport",
    "EmbedDocuments",
    "Facet",
    "Highlight",
    "SearchAudit",
    "SearchDocument",
    "SearchEmbedding",
    "SearchIndex",
    "SearchMode",
    "SearchQuery",
    "SearchResult",
    "SearchResults",
    "SearchService",
    "Widening",
]
