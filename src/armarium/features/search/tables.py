"""The index: documents, postings, statistics in shards, vectors.

Postings carry the document's length beside the term's weight, so that a score needs no other
table; their key ends in (weight, length, doc_no), because for a fixed weight a shorter document
always scores higher, whatever the average length is. That order is what makes exact early
termination possible (docs/decisions, BM25 in SQL). Statistics are sums over shards: a writer takes
a shard that nobody holds, so two writers of one space never wait for each other.
"""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned

TERM = Text(collation="C")
INDEXED_DIMENSIONS = (384, 512, 768, 1024)
"""Vector sizes that have an HNSW index; vectors of any other size are scanned exactly."""


class DocumentRow(SpaceOwned, Base):
    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("space_id", "doc_no", name="uq_search_document_doc_no"),
        Index("ix_search_document_facets", "space_id", "kind", "status", "doc_no"),
    )

    doc_no: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    kind: Mapped[str] = mapped_column(TERM)
    status: Mapped[str] = mapped_column(TERM)
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str] = mapped_column(Text)
    identifiers: Mapped[str] = mapped_column(Text)
    creators: Mapped[str] = mapped_column(Text)
    series: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    cover_media_id: Mapped[UUID | None]
    length: Mapped[int] = mapped_column(Integer)
    terms: Mapped[list[str]] = mapped_column(ARRAY(TERM))
    weights: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    tokens: Mapped[str] = mapped_column(Text)
    digest: Mapped[int] = mapped_column(BigInteger)
    indexed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class PostingRow(Base):
    __tablename__ = "search_posting"
    __table_args__ = (PrimaryKeyConstraint("space_id", "term", "weight", "length", "doc_no"),)

    space_id: Mapped[UUID]
    term: Mapped[str] = mapped_column(TERM)
    weight: Mapped[int] = mapped_column(Integer)
    length: Mapped[int] = mapped_column(Integer)
    doc_no: Mapped[int] = mapped_column(BigInteger)


class StatisticRow(Base):
    __tablename__ = "search_statistic"
    __table_args__ = (PrimaryKeyConstraint("space_id", "shard"),)

    space_id: Mapped[UUID]
    shard: Mapped[int] = mapped_column(SmallInteger)
    documents: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)


class TermRow(Base):
    __tablename__ = "search_term"
    __table_args__ = (
        PrimaryKeyConstraint("space_id", "term", "shard"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    space_id: Mapped[UUID]
    term: Mapped[str] = mapped_column(TERM)
    shard: Mapped[int] = mapped_column(SmallInteger)
    documents: Mapped[int] = mapped_column(Integer)


class TrigramRow(Base):
    __tablename__ = "search_trigram"
    __table_args__ = (PrimaryKeyConstraint("space_id", "trigram", "term", "shard"),)

    space_id: Mapped[UUID]
    trigram: Mapped[str] = mapped_column(TERM)
    term: Mapped[str] = mapped_column(TERM)
    shard: Mapped[int] = mapped_column(SmallInteger)


class VectorRow(Base):
    __tablename__ = "search_vector"
    __table_args__ = (
        PrimaryKeyConstraint("space_id", "document_id", "model"),
        ForeignKeyConstraint(
            ["space_id", "document_id"],
            ["search_document.space_id", "search_document.id"],
            ondelete="CASCADE",
        ),
        Index("ix_search_vector_model", "space_id", "model", "document_id"),
        *(
            Index(
                f"ix_search_vector_hnsw_{size}",
                literal_column(f"(embedding::halfvec({size})) halfvec_ip_ops"),
                postgresql_using="hnsw",
                postgresql_where=text(f"dimensions = {size}"),
            )
            for size in INDEXED_DIMENSIONS
        ),
    )

    space_id: Mapped[UUID]
    document_id: Mapped[UUID]
    model: Mapped[str] = mapped_column(TERM)
    dimensions: Mapped[int] = mapped_column(Integer)
    digest: Mapped[int] = mapped_column(BigInteger)
    embedding: Mapped[list[float]] = mapped_column(HALFVEC())
