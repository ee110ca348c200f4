"""The SQL of the search store, apart from its logic.

Parameters are arrays, so that a thousand documents take as many statements as one.
"""

# ruff: noqa: S608  # composed of this module's own constants; what callers give is bound

from functools import lru_cache

from sqlalchemy import TextClause, text

FIELDS = ("title", "subtitle", "identifiers", "creators", "series", "body", "notes")
STORED = ("kind", "status", *FIELDS, "tokens")

PUT_DOCUMENTS = text(
    f"""
    insert into search_document as d (space_id, id, cover_media_id, length, terms, weights, digest,
      indexed_at, {", ".join(STORED)})
    select :space, n.id, n.cover_media_id, n.length, n.terms::text[], n.weights::int[], n.digest,
      clock_timestamp(), {", ".join(f"n.{name}" for name in STORED)}
    from unnest(cast(:ids as uuid[]), cast(:cover_media_ids as uuid[]), cast(:lengths as int[]),
      cast(:terms as text[]), cast(:weights as text[]), cast(:digests as bigint[]),
      {", ".join(f"cast(:{name} as text[])" for name in STORED)})
      n(id, cover_media_id, length, terms, weights, digest, {", ".join(STORED)})
    order by n.id
    on conflict (space_id, id) do update set
      cover_media_id = excluded.cover_media_id, length = excluded.length, terms = excluded.terms,
      weights = excluded.weights, digest = excluded.digest, indexed_at = excluded.indexed_at,
      {", ".join(f"{name} = excluded.{name}" for name in STORED)}
    returning new.id, new.doc_no, old.terms, old.weights, old.length, old.digest
    """
)
"""Locks each row and answers with what was there, so that the difference is exact whoever else
writes; in order of id, so that two batches cannot wait for each other in a circle."""

DELETE_DOCUMENTS = text(
    """
    with gone as (
      select d.id from search_document d where d.space_id = :space and d.id = any(:ids)
      order by d.id for update
    )
    delete from search_document d using gone g where d.space_id = :space and d.id = g.id
    returning d.doc_no, d.terms, d.weights, d.length
    """
)

POSTINGS = """unnest(cast(:terms as text[]), cast(:weights as int[]), cast(:lengths as int[]),
      cast(:docs as bigint[])) n(term, weight, length, doc_no)"""

INSERT_POSTINGS = text(
    f"""
    insert into search_posting (space_id, term, weight, length, doc_no)
    select :space, n.term, n.weight, n.length, n.doc_no from {POSTINGS}
    order by n.term collate "C", n.weight, n.length, n.doc_no
    """
)

DELETE_POSTINGS = text(
    f"""
    delete from search_posting p using {POSTINGS}
    where p.space_id = :space and p.term = n.term and p.weight = n.weight
      and p.length = n.length and p.doc_no = n.doc_no
    """
)

TAKE_SHARD = text("select search_shard(:space)")

COUNT_DOCUMENTS = text(
    """
    insert into search_statistic as s (space_id, shard, documents, length)
    values (:space, :shard, :documents, :length)
    on conflict (space_id, shard) do update set
      documents = s.documents + excluded.documents, length = s.length + excluded.length
    """
)

COUNT_TERMS = text(
    """
    with counted as (
      insert into search_term as s (space_id, term, shard, documents)
      select :space, n.term, :shard, n.documents
      from unnest(cast(:terms as text[]), cast(:documents as int[])) n(term, documents)
      on conflict (space_id, term, shard) do update set documents = s.documents + excluded.documents
      returning new.term as term, old.term as old_term
    )
    select c.term from counted c where c.old_term is null
    """
)
"""Answers with the terms that are new to this shard."""

INSERT_TRIGRAMS = text(
    """
    insert into search_trigram (space_id, trigram, term, shard)
    select :space, n.trigram, n.term, :shard
    from unnest(cast(:trigrams as text[]), cast(:terms as text[])) n(trigram, term)
    on conflict do nothing
    """
)

FREQUENCIES = text(
    """
    select q.term, coalesce(sum(s.documents), 0)::bigint as documents
    from unnest(cast(:terms as text[])) q(term)
    left join search_term s on s.space_id = any(:spaces) and s.term = q.term
    group by q.term
    """
)

COMPLETIONS = text(
    """
    select s.term, sum(s.documents)::bigint as documents
    from search_term s
    where s.space_id = any(:spaces) and s.term > :low and s.term < :high
    group by s.term having sum(s.documents) > 0
    order by 2 desc, length(s.term), 1 limit :limit
    """
)

NEIGHBOURS = text(
    """
    with near as (
      select g.term, count(distinct g.trigram) as shared
      from search_trigram g
      where g.space_id = any(:spaces) and g.trigram = any(cast(:trigrams as text[]))
      group by g.term having count(distinct g.trigram) >= :least
      order by 2 desc, abs(length(g.term) - :length), 1 limit 200
    )
    select n.term, sum(s.documents)::bigint as documents
    from near n join search_term s on s.space_id = any(:spaces) and s.term = n.term
    group by n.term, n.shared having sum(s.documents) > 0
    """
)

RESULT = """d.space_id, d.id, d.kind, d.status, d.title, d.subtitle, d.identifiers, d.creators,
      d.series, d.body, d.notes, d.cover_media_id"""

RANKED = """
    search_rank(s.space_id, cast(:terms as text[]), cast(:parts as int[]),
      cast(:boosts as float8[]), cast(:depth as int), cast(:kinds as text[]),
      cast(:statuses as text[]), cast(:required as text[]), cast(:excluded as text[]),
      cast(:phrases as text[]), cast(:barred as text[])) r"""

BEST_FIRST = "floor(r.score * 1e9 + 0.5) desc, r.doc_no"

MEMBERS_RANKED = f"""
    select s.space_id, r.doc_no, r.score
    from unnest(cast(:spaces as uuid[])) s(space_id) cross join lateral {RANKED}"""


def bm25(ranked: str) -> str:
    """The best of `ranked` (space_id, doc_no, score), with what is shown of them."""
    return f"""
    with best as materialized (
      select r.space_id, r.doc_no, r.score from ({ranked}) r
      order by {BEST_FIRST} limit :limit offset :offset
    )
    select {RESULT}, r.score, null::int as bm25_rank, null::int as vector_rank,
      null::float8 as similarity
    from best r cross join lateral (
      select * from search_document d where d.space_id = r.space_id and d.doc_no = r.doc_no offset 0
    ) d
    order by {BEST_FIRST}
    """


BM25 = text(bm25(MEMBERS_RANKED))

FACETS = text(
    """
    select f.kind, f.status, sum(f.documents)::bigint as documents
    from unnest(cast(:spaces as uuid[])) s(space_id)
    cross join lateral search_facets(s.space_id, cast(:terms as text[]), cast(:required as text[]),
      cast(:excluded as text[]), cast(:phrases as text[]), cast(:barred as text[])) f
    group by f.kind, f.status order by 3 desc, 1, 2
    """
)

SIZE_OF = text(
    """
    select coalesce(max(n.documents), 0)::bigint from unnest(cast(:spaces as uuid[])) s(space_id)
    cross join lateral (select sum(c.documents) as documents from search_statistic c
      where c.space_id = s.space_id) n
    """
)

ALLOWED = """d.space_id = v.space_id and d.id = v.document_id
        and (cast(:kinds as text[]) is null or d.kind = any(cast(:kinds as text[])))
        and (cast(:statuses as text[]) is null or d.status = any(cast(:statuses as text[])))
        and not d.terms && cast(:excluded as text[])
        and not exists (select from unnest(cast(:barred as text[])) f(phrase)
          where strpos(d.tokens, f.phrase) > 0)"""


def nearest(dimensions: int, *, indexed: bool, filtered: bool) -> str:
    """The `:depth` nearest documents, with their cosine; by HNSW, or by looking at each.

    `dimensions` is written into the statement, since a partial index is chosen by what is known
    when planning. The `+ 0` keeps the exact scan from being answered by the approximate index.
    """
    distance = f"(v.embedding::halfvec({dimensions}) <#> cast(:vector as halfvec({dimensions})))"
    order = distance if indexed else f"{distance} + 0"
    allowed = f"cross join lateral (select from search_document d where {ALLOWED} offset 0) d"
    return f"""
      select v.space_id, v.document_id, -{distance} as similarity
      from search_vector v {allowed if filtered else ""}
      where v.space_id = any(cast(:spaces as uuid[])) and v.model = :model
        and v.dimensions = {int(dimensions)}
      order by {order} limit :depth"""


def by_meaning(near: str) -> str:
    """The nearest documents with what is shown of them."""
    return f"""
    with near as materialized ({near})
    select {RESULT}, n.similarity as score, null::int as bm25_rank,
      row_number() over (order by n.similarity desc, d.doc_no)::int as vector_rank, n.similarity
    from near n join search_document d on d.space_id = n.space_id and d.id = n.document_id
    order by n.similarity desc, d.doc_no limit :limit offset :offset
    """


def fused(ranked: str, near: str) -> str:
    """Reciprocal rank fusion (k = 60) of the two lists, in one statement, so of one snapshot."""
    return f"""
    with lexical as materialized (
      select r.space_id, r.doc_no, row_number() over (order by {BEST_FIRST})::int as place
      from ({ranked}) r
      order by place limit :depth
    ), near as materialized ({near}
    ), semantic as (
      select n.space_id, d.doc_no, n.similarity,
        row_number() over (order by n.similarity desc, d.doc_no)::int as place
      from near n join search_document d on d.space_id = n.space_id and d.id = n.document_id
      where n.similarity >= :floor
    ), fused as (
      select coalesce(l.space_id, m.space_id) as space_id, coalesce(l.doc_no, m.doc_no) as doc_no,
        l.place as bm25_rank, m.place as vector_rank, m.similarity,
        coalesce(1.0::float8 / (60 + l.place), 0)
          + coalesce(1.0::float8 / (60 + m.place), 0) as score
      from lexical l full join semantic m on l.space_id = m.space_id and l.doc_no = m.doc_no
    ), best as (
      select * from fused r order by r.score desc, r.bm25_rank nulls last, r.doc_no
      limit :limit offset :offset
    )
    select {RESULT}, r.score, r.bm25_rank, r.vector_rank, r.similarity
    from best r cross join lateral (
      select * from search_document d where d.space_id = r.space_id and d.doc_no = r.doc_no offset 0
    ) d
    order by r.score desc, r.bm25_rank nulls last, r.doc_no
    """


@lru_cache
def vector_search(dimensions: int, *, indexed: bool, filtered: bool) -> TextClause:
    """What a member's search by meaning asks."""
    return text(by_meaning(nearest(dimensions, indexed=indexed, filtered=filtered)))


@lru_cache
def hybrid_search(dimensions: int, *, indexed: bool, filtered: bool) -> TextClause:
    """What a member's search by words and meaning asks."""
    return text(fused(MEMBERS_RANKED, nearest(dimensions, indexed=indexed, filtered=filtered)))


PUT_VECTORS = text(
    """
    insert into search_vector as v (space_id, document_id, model, dimensions, digest, embedding)
    select :space, d.id, :model, :dimensions, coalesce(n.digest, d.digest), n.embedding::halfvec
    from unnest(cast(:ids as uuid[]), cast(:digests as bigint[]), cast(:embeddings as text[]))
      n(id, digest, embedding)
    cross join lateral (select d.id, d.digest from search_document d
      where d.space_id = :space and d.id = n.id for key share) d
    on conflict (space_id, document_id, model) do update set
      dimensions = excluded.dimensions, digest = excluded.digest, embedding = excluded.embedding
    """
)

PENDING = text(
    """
    select d.id, d.digest, left(d.title, 1000), left(d.creators, 2000), left(d.series, 1000),
      left(d.body, 600)
    from search_document d left join search_vector v
      on v.space_id = d.space_id and v.document_id = d.id and v.model = :model
    where d.space_id = :space and (v.document_id is null or v.digest <> d.digest)
    order by d.doc_no limit :limit
    """
)
"""A model takes a few hundred words; one text that it refuses would hold up its whole batch."""

COUNT_PENDING = text(
    """
    select count(*) from search_document d left join search_vector v
      on v.space_id = d.space_id and v.document_id = d.id and v.model = :model
    where d.space_id = :space and (v.document_id is null or v.digest <> d.digest)
    """
)

PREPARE_HNSW = text(
    """
    select set_config('hnsw.ef_search', :breadth, true),
      set_config('hnsw.iterative_scan', 'relaxed_order', true),
      set_config('enable_sort', 'off', true),
      set_config('plan_cache_mode', 'force_custom_plan', true)
    """
)
"""Filters (the space first of all) are applied after the graph: go on until enough have passed.

Without a sort the graph is the only way to an order, so that no estimate chooses against it; and a
plan made without the limit's number would look at every vector.
"""

HOLD_SHARDS = text(
    """
    select count(pg_advisory_xact_lock(hashtext('search_shard:' || :space), s))
    from generate_series(0, 63) s
    """
)
"""Every writer that counts has committed when this returns, and none counts before we commit."""

HELD = """
    held as (
      select t.term, t.weight, d.length, d.doc_no
      from search_document d cross join unnest(d.terms, d.weights) t(term, weight)
      where d.space_id = :space
    ), posted as (
      select p.term, p.weight, p.length, p.doc_no from search_posting p where p.space_id = :space
    )"""

AUDIT = text(
    f"""
    with {HELD}, counted as (
      select s.term, sum(s.documents) as documents from search_term s
      where s.space_id = :space group by s.term having sum(s.documents) <> 0
    ), true_counts as (select p.term, count(*) as documents from posted p group by p.term)
    select
      (select count(*) from search_document d where d.space_id = :space) as documents,
      (select count(*) from (select * from held except select * from posted) x) as missing,
      (select count(*) from (select * from posted except select * from held) x) as extra,
      (select count(*) from counted c full join true_counts t on t.term = c.term
        where c.documents is distinct from t.documents) as frequencies,
      (select coalesce(sum(s.documents), 0) from search_statistic s where s.space_id = :space)
        <> (select count(*) from search_document d where d.space_id = :space)
      or (select coalesce(sum(s.length), 0) from search_statistic s where s.space_id = :space)
        <> (select coalesce(sum(d.length), 0) from search_document d where d.space_id = :space)
        as totals
    """
)

REPAIRS = tuple(
    text(statement)
    for statement in (
        f"""
    with {HELD}, extra as (select * from posted except select * from held)
    delete from search_posting p using extra x where p.space_id = :space and p.term = x.term
      and p.weight = x.weight and p.length = x.length and p.doc_no = x.doc_no
    """,
        f"""
    with {HELD}, missing as (select * from held except select * from posted)
    insert into search_posting (space_id, term, weight, length, doc_no)
    select :space, m.term, m.weight, m.length, m.doc_no from missing m
    """,
        "delete from search_statistic s where s.space_id = :space",
        """
    insert into search_statistic (space_id, shard, documents, length)
    select :space, 0, count(*), coalesce(sum(d.length), 0)
    from search_document d where d.space_id = :space
    """,
        "delete from search_trigram g where g.space_id = :space",
        "delete from search_term s where s.space_id = :space",
    )
)
"""Postings follow the documents, and the statistics are counted anew into one shard."""

RECOUNT = text(
    """
    insert into search_term (space_id, term, shard, documents)
    select :space, p.term, 0, count(*) from search_posting p where p.space_id = :space
    group by p.term returning term
    """
)

STORED_VERSIONS = text(
    """
    select d.id, d.digest, d.kind, d.status, d.subtitle, d.cover_media_id
    from search_document d where d.space_id = :space
    """
)
