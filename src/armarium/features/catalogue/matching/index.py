"""The lookup index of one catalogue: words, where they occur, and identifiers, as flat arrays.

Made by an import from the entries' rows, kept as bytes in `catalogue_lookups`, loaded into a
bounded cache by each process. About 250 bytes an entry in memory.
"""

import io
import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from armarium.kit.text import ngrams

Ints: TypeAlias = NDArray[np.int32]
Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

FORMAT = 1
"""Raised when the layout changes; an index of another format is rebuilt."""

NAME, REST, CREATOR, CONTEXT = range(4)
"""What a segment is: a name in one language, what follows the colon, a creator, set or series."""

PIECE = 3
MAX_FUZZY_WORD = 24


@dataclass(frozen=True, slots=True)
class Document:
    """One entry as the index takes it: word lists by role, and exact identifiers."""

    id: UUID
    segments: Sequence[tuple[int, Sequence[str]]]
    identifiers: Sequence[str]


@dataclass(frozen=True)
class Index:
    """Arrays over documents 0..n-1 and terms 0..m-1; `Lists` map one to the other."""

    ids: Bytes
    vocabulary: Sequence[str]
    segment_start: Ints
    """Document to its segments, n+1 offsets."""
    segment_role: Bytes
    term_start: Ints
    """Segment to its words in order, offsets into `terms`."""
    terms: Ints
    posting_start: Ints
    """Term to its documents, m+1 offsets into `postings`."""
    postings: Ints
    posting_role: Bytes
    """The strongest role of the term in that document."""
    keys: Sequence[str]
    key_start: Ints
    key_postings: Ints

    @property
    def size(self) -> int:
        """How many documents."""
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Rough memory, for the bound of the cache."""
        arrays = (
            self.ids, self.segment_start, self.segment_role, self.term_start, self.terms,
            self.posting_start, self.postings, self.posting_role, self.key_start, self.key_postings,
        )  # fmt: skip
        return sum(each.nbytes for each in arrays) + 180 * (len(self.vocabulary) + len(self.keys))

    def id_of(self, document: int) -> UUID:
        """The entry behind a document number."""
        return UUID(bytes=self.ids[document].tobytes())

    @cached_property
    def term_of(self) -> Mapping[str, int]:
        """Number of a word."""
        return {word: at for at, word in enumerate(self.vocabulary)}

    @cached_property
    def key_of(self) -> Mapping[str, int]:
        """Number of an identifier."""
        return {key: at for at, key in enumerate(self.keys)}

    @cached_property
    def idf(self) -> Floats:
        """Information of each term in nats: how much seeing it narrows the catalogue down."""
        counts = np.diff(self.posting_start).astype(np.float32)
        return np.log1p((self.size - counts + 0.5) / (counts + 0.5)).astype(np.float32)

    @cached_property
    def weight(self) -> Floats:
        """How much there is to read in each document: what short and long names are compared by."""
        mass = np.zeros(self.size, dtype=np.float32)
        counts = np.diff(self.posting_start)
        weights = np.repeat(self.idf, counts) * (self.posting_role != CONTEXT)
        np.add.at(mass, self.postings, weights)
        return np.sqrt(mass + 2 * np.float32(np.log(self.size + 1)))

    @cached_property
    def pieces(self) -> "Pieces":
        """Character pieces of the vocabulary, for words that were misread."""
        return Pieces.of(self.vocabulary)

    def documents_with(self, term: int) -> Ints:
        """Documents in which a term occurs."""
        return self.postings[self.posting_start[term] : self.posting_start[term + 1]]

    def documents_by_key(self, key: str) -> Ints:
        """Documents that carry an identifier."""
        at = self.key_of.get(key)
        if at is None:
            return EMPTY
        return self.key_postings[self.key_start[at] : self.key_start[at + 1]]

    def segments_of(self, document: int) -> list[tuple[int, list[int]]]:
        """`(role, terms)` of each segment of a document."""
        found: list[tuple[int, list[int]]] = []
        for segment in range(self.segment_start[document], self.segment_start[document + 1]):
            terms = self.terms[self.term_start[segment] : self.term_start[segment + 1]]
            found.append((int(self.segment_role[segment]), terms.tolist()))
        return found


EMPTY: Ints = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Pieces:
    """Which words contain which character pieces."""

    number_of: Mapping[str, int]
    start: Ints
    words: Ints
    lengths: Ints

    @classmethod
    def of(cls, vocabulary: Sequence[str]) -> "Pieces":
        """Cut every word that a reader could misread; long runs of garbage are left out."""
        number_of: dict[str, int] = {}
        owners, numbers = array("i"), array("i")
        for at, word in enumerate(vocabulary):
            if len(word) <= MAX_FUZZY_WORD:
                for piece in set(ngrams(word, PIECE)):
                    owners.append(at)
                    numbers.append(number_of.setdefault(piece, len(number_of)))
        start, words = _grouped(_ints(numbers), _ints(owners), len(number_of))
        lengths = np.fromiter((len(word) for word in vocabulary), np.int32, len(vocabulary))
        return cls(number_of, start, words, lengths)


def _ints(values: array) -> Ints:  # type: ignore[type-arg] - array has no runtime parameter
    return np.frombuffer(values, dtype=np.int32) if len(values) else EMPTY


def _grouped(keys: Ints, values: Ints, count: int) -> tuple[Ints, Ints]:
    """`values` sorted by key (stable), with the offsets where each key starts."""
    order = np.argsort(keys, kind="stable")
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=count), out=start[1:])
    return start, values[order]


class IndexBuilder:
    """Takes documents one by one, so that a large catalogue is never in memory as objects."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._term_of: dict[str, int] = {}
        self._key_of: dict[str, int] = {}
        self._segment_start = array("i", [0])
        self._roles = bytearray()
        self._term_start = array("i", [0])
        self._terms = array("i")
        self._key_numbers = array("i")
        self._key_documents = array("i")
        self._count = 0

    def add(self, document: Document) -> None:
        """Add one entry."""
        self._ids += document.id.bytes
        for role, segment in document.segments:
            if not segment:
                continue
            for word in segment:
                self._terms.append(self._term_of.setdefault(word, len(self._term_of)))
            self._term_start.append(len(self._terms))
            self._roles.append(role)
        self._segment_start.append(len(self._roles))
        for key in dict.fromkeys(document.identifiers):
            self._key_numbers.append(self._key_of.setdefault(key, len(self._key_of)))
            self._key_documents.append(self._count)
        self._count += 1

    def finish(self) -> Index:
        """The index of all that was added."""
        segment_start, term_start = _ints(self._segment_start), _ints(self._term_start)
        roles = np.frombuffer(bytes(self._roles), dtype=np.uint8)
        terms = _ints(self._terms)
        segment_of_term = np.repeat(np.arange(len(roles), dtype=np.int32), np.diff(term_start))
        document_of_segment = np.repeat(
            np.arange(self._count, dtype=np.int32), np.diff(segment_start)
        )
        postings = _postings(
            terms, document_of_segment[segment_of_term], roles[segment_of_term], len(self._term_of)
        )
        key_start, key_postings = _grouped(
            _ints(self._key_numbers), _ints(self._key_documents), len(self._key_of)
        )
        return Index(
            ids=np.frombuffer(bytes(self._ids), dtype=np.uint8).reshape(-1, 16),
            vocabulary=list(self._term_of),
            segment_start=segment_start,
            segment_role=roles,
            term_start=term_start,
            terms=terms,
            posting_start=postings[0],
            postings=postings[1],
            posting_role=postings[2],
            keys=list(self._key_of),
            key_start=key_start,
            key_postings=key_postings,
        )


def _postings(terms: Ints, documents: Ints, roles: Bytes, count: int) -> tuple[Ints, Ints, Bytes]:
    """Each (term, document) once, with its strongest role (the lowest number)."""
    if not len(terms):
        return np.zeros(count + 1, dtype=np.int32), EMPTY, np.zeros(0, dtype=np.uint8)
    order = np.lexsort((roles, documents, terms))
    terms, documents, roles = terms[order], documents[order], roles[order]
    fresh = np.ones(len(terms), dtype=bool)
    fresh[1:] = (terms[1:] != terms[:-1]) | (documents[1:] != documents[:-1])
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(terms[fresh], minlength=count), out=start[1:])
    return start, documents[fresh], roles[fresh]


ARRAYS = (
    "ids", "segment_start", "segment_role", "term_start", "terms", "posting_start", "postings",
    "posting_role", "key_start", "key_postings",
)  # fmt: skip


def dump(index: Index) -> dict[str, bytes]:
    """The index as named parts of bytes."""
    parts: dict[str, bytes] = {"format": str(FORMAT).encode()}
    for name in ARRAYS:
        buffer = io.BytesIO()
        np.save(buffer, getattr(index, name), allow_pickle=False)
        parts[name] = zlib.compress(buffer.getvalue(), 1)
    for name in ("vocabulary", "keys"):
        text = json.dumps(list(getattr(index, name)), ensure_ascii=False)
        parts[name] = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
    return parts


def load(parts: Mapping[str, bytes]) -> Index | None:
    """The index that `dump` made; None when it is of another format."""
    if parts.get("format") != str(FORMAT).encode():
        return None
    values: dict[str, Any] = {
        name: np.load(io.BytesIO(zlib.decompress(parts[name])), allow_pickle=False)
        for name in ARRAYS
    }
    for name in ("vocabulary", "keys"):
        values[name] = json.loads(zlib.decompress(parts[name]).decode("utf-8", "surrogatepass"))
    return Index(**values)


def build(documents: Iterable[Document]) -> Index:
    """The index of `documents`, for small collections and tests."""
    builder = IndexBuilder()
    for document in documents:
        builder.add(document)
    return builder.finish()
