"""One text against one index: read, short-list, examine, decide. Pure; called in a thread."""

from collections.abc import Container
from uuid import UUID

from armarium.features.catalogue.matching import candidates
from armarium.features.catalogue.matching.decide import Outcome, decide, model_for
from armarium.features.catalogue.matching.evidence import Evidence, Examiner
from armarium.features.catalogue.matching.index import CREATOR, NAME, REST, Index
from armarium.features.catalogue.matching.query import Query, read

WORKS = frozenset({"book"})
"""Kinds whose entries of one title and creator are one thing to identify (editions of a work)."""


def identify(
    index: Index, kind: str, asked: Query, hidden: Container[UUID] = frozenset()
) -> Outcome:
    """The decision for a text; entries in `hidden` are passed over."""

    def same(one: int, other: int) -> bool:
        if kind in WORKS:
            return work_of(index, one) == work_of(index, other)
        return one == other

    found = [each for each in examine(index, asked) if index.id_of(each.document) not in hidden]
    return decide(model_for(kind), found, same)


def examine(index: Index, asked: Query) -> list[Evidence]:
    """The evidence of every document on the short list."""
    readings = candidates.readings(index, asked)
    documents = candidates.short_list(index, readings, asked)
    examiner = Examiner(index, asked, readings)
    return [examiner.examine(document) for document in documents]


def work_of(index: Index, document: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Names and creators of a document, which editions of one work share."""
    return tuple(
        (role, tuple(terms))
        for role, terms in index.segments_of(document)
        if role in {NAME, REST, CREATOR}
    )


def search(index: Index, text: str, limit: int) -> list[int]:
    """Documents by how well they fit `text`, without a decision; identifiers first."""
    asked = read(text)
    scores = candidates.scores(index, candidates.readings(index, asked)) / index.weight
    for key in asked.keys:
        scores[index.documents_by_key(key)] += 100.0
    return candidates.best(scores, limit)
