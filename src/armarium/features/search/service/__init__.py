"""The room's services, split by verb."""

from armarium.features.search.service.auditing import SearchAudit
from armarium.features.search.service.embedding import SearchEmbedding
from armarium.features.search.service.indexing import SearchIndex
from armarium.features.search.service.searching import SearchService

__all__ = ["SearchAudit", "SearchEmbedding", "SearchIndex", "SearchService"]
