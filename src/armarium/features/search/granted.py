"""What a guest's search reads: the documents of the items that they were let into, and no more.

A guest has no part in the statistics of the space. How often a word stands in it, how many
documents it has, how long they are: each of these would tell of things that are hidden, in counts
and completions openly, in scores by comparing two answers. So every number here is counted over
the granted documents alone, at the time of the question: N, the mean length and the document
frequencies of BM25, facets, completions, corrections. A guest's answer is, score for score, that of
a house which holds nothing but what they may see. It costs a look at each granted document where a
member's search reads postings; collections are small beside spaces. The policies of the index show
a guest the same documents (migration 0018), whatever is asked here.
"""

# ruff: noqa: S608  # composed of this module's own constants; what callers give is bound

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text

from armarium.features.search import statements as sql
from armarium.features.search.models import Facet, QueryTerms
from armarium.features.search.store import Look, SearchStore
from armarium.platform.database import Session

MOST_NEIGHBOURS: Final = 20_000
"""Words of about the length of a misspelled one that are compared with it."""

DOCUMENT = """search_document d
        where d.space_id = any(cast(:spaces as uuid[])) and d.id = g.id"""
PASSES = """(cast(:kinds as text[]) is null or d.kind = any(cast(:kinds as text[])))
          and (cast(:statuses as text[]) is null or d.status = any(cast(:statuses as text[])))
          and d.terms @> cast(:required as text[])
          and not d.terms && cast(:excluded as text[])
          and not exists (select from unnest(cast(:phrases as text[])) f(phrase)
            where strpos(d.tokens, f.phrase) = 0)
          and not exists (select from unnest(cast(:barred as text[])) f(phrase)
            where strpos(d.tokens, f.phrase) > 0)"""
MATCHES = "d.terms && cast(:terms as text[])"

SEEN = f"""
    seen as materialized (
      select d.* from arm_granted() g(id) cross join lateral (
        select d.space_id, d.doc_no, d.length, d.kind, d.status,
          case when {MATCHES} then d.terms end as terms,
          case when {MATCHES} then d.weights end as weights,
          case when {MATCHES} then {PASSES} end as passes
        from {DOCUMENT} offset 0) d
    )"""
"""Every granted document is counted; the words of those that match none are not carried on."""

RANKED = f"""
    with {SEEN}, corpus as (
      select count(*)::float8 as n, sum(s.length)::float8 as total from seen s
    ), hit as materialized (
      select s.space_id, s.doc_no, s.length, s.passes, q.term, q.part, q.boost,
        s.weights[array_position(s.terms, q.term)] as w
      from seen s
      cross join unnest(cast(:terms as text[]), cast(:parts as int[]), cast(:boosts as float8[]))
        q(term, part, boost)
      where s.terms is not null and q.term = any(s.terms)
    ), counted as (
      select h.term, h.part, h.boost, count(*)::float8 as df from hit h
      group by h.term, h.part, h.boost
    ), told as (
      select d.term, d.boost, c.n,
        case when d.boost >= 1 then d.df
             else least(c.n, sum(d.df) over (partition by d.part)) end as df
      from counted d cross join corpus c
    ), impact as (
      select t.term, t.boost * 2.2::float8 * ln(1 + (t.n - t.df + 0.5) / (t.df + 0.5)) as a
      from told t
    )
    select h.space_id, h.doc_no, sum(i.a * h.w / (h.w + 1.2::float8 * (1 - 0.75::float8)
        + 1.2::float8 * 0.75::float8 * c.n / c.total * h.length)) as score
    from hit h join impact i on i.term = h.term cross join corpus c
    where h.passes group by h.space_id, h.doc_no"""
"""BM25 as `search_weigh` and `search_rank` have it, over another corpus."""

BM25 = text(sql.bm25(RANKED))

FACETS = text(
    f"""
    with {SEEN}
    select s.kind, s.status, count(*)::bigint as documents from seen s where s.passes
    group by s.kind, s.status order by 3 desc, 1, 2
    """
)

WORDS = f"""
    from arm_granted() g(id) cross join lateral (select d.terms from {DOCUMENT} offset 0) d
    cross join unnest(d.terms) t(term)"""

FREQUENCIES = text(
    f"""
    select q.term, count(d.terms)::bigint as documents
    from unnest(cast(:terms as text[])) q(term)
    left join (
      select d.terms from arm_granted() g(id)
      cross join lateral (select d.terms from {DOCUMENT} and {MATCHES} offset 0) d
    ) d on q.term = any(d.terms)
    group by q.term
    """
)

COMPLETIONS = text(
    f"""
    select t.term, count(*)::bigint as documents {WORDS}
    where t.term > :low and t.term < :high
    group by t.term order by 2 desc, length(t.term), 1 limit :limit
    """
)

NEIGHBOURS = text(
    f"""
    select t.term, count(*)::bigint as documents {WORDS}
    where length(t.term) between :length - 2 and :length + 2 and t.term <> :term
    group by t.term order by 2 desc, 1 limit :limit
    """
)


def nearest(dimensions: int) -> str:
    """The `:depth` nearest of the granted documents; each vector is looked at."""
    distance = f"(v.embedding::halfvec({dimensions}) <#> cast(:vector as halfvec({dimensions})))"
    return f"""
      select v.space_id, v.document_id, v.similarity from arm_granted() g(id)
      cross join lateral (
        select v.space_id, v.document_id, -{distance} as similarity from search_vector v
        where v.space_id = any(cast(:spaces as uuid[])) and v.document_id = g.id
          and v.model = :model and v.dimensions = {int(dimensions)} offset 0) v
      cross join lateral (select from search_document d where {sql.ALLOWED} offset 0) d
      order by v.similarity desc limit :depth"""


@lru_cache
def vector_search(dimensions: int) -> TextClause:
    """What a guest's search by meaning asks."""
    return text(sql.by_meaning(nearest(dimensions)))


@lru_cache
def hybrid_search(dimensions: int) -> TextClause:
    """What a guest's search by words and meaning asks."""
    return text(sql.fused(RANKED, nearest(dimensions)))


class GrantedStore(SearchStore):
    """The index as a guest reads it; `spaces` are the guest's space and granted collections.

    A private collection keeps its items in a part of the index of its own, which has its id.
    """

    asks_frequencies = FREQUENCIES
    asks_completions = COMPLETIONS
    asks_bm25 = BM25
    asks_facets = FACETS

    async def neighbours(
        self, session: Session, spaces: Sequence[UUID], term: str
    ) -> dict[str, int]:
        """Terms of granted documents that are about as long as `term`."""
        asked = {"term": term, "length": len(term), "limit": MOST_NEIGHBOURS}
        found = await session.execute(NEIGHBOURS, {"spaces": list(spaces), **asked})
        return {row[0]: row[1] for row in found}

    async def facets(self, session: Session, look: Look, query: QueryTerms) -> tuple[Facet, ...]:
        """Counts of the granted documents that match, whatever kind and status is asked for."""
        return await super().facets(session, replace(look, kinds=(), statuses=()), query)

    async def size(self, session: Session, spaces: Sequence[UUID]) -> int:
        """Nothing that a graph would answer faster."""
        del session, spaces
        return 0

    def asks_nearest(
        self, dimensions: int, *, fused: bool, indexed: bool, filtered: bool
    ) -> TextClause:
        """Each granted document is looked at, whatever index there is."""
        del indexed, filtered
        return hybrid_search(dimensions) if fused else vector_search(dimensions)
