"""The tables of search, and the functions that rank."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import ARRAY

from armarium.platform.database.policies import space_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TERM = sa.Text(collation="C")
DIMENSIONS = (384, 512, 768, 1024)
TABLES = (
    "search_document",
    "search_posting",
    "search_statistic",
    "search_term",
    "search_trigram",
    "search_vector",
)

PINNED = """
  language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set jit = off
  set max_parallel_workers_per_gather = 0
  set enable_seqscan = off
  set enable_bitmapscan = off
  set work_mem = '32MB'
"""
"""The plans are chosen by design, not by estimates, which know nothing of a term's frequency."""

HEAD = "create type search_head as (weight int, length int)"

SHARD = """
create function search_shard(p_space uuid) returns smallint language plpgsql volatile as $$
-- A shard of the space's statistics that is the caller's alone until its transaction ends, so that
-- writers never wait for each other's counters. 64 at once; a 65th waits for one of them.
declare
  v_key int := hashtext('search_shard:' || p_space::text);
  v_shard int;
begin
  select s into v_shard from generate_series(0, 63) s where pg_try_advisory_xact_lock(v_key, s) limit 1;
  if v_shard is null then
    v_shard := floor(random() * 64);
    perform pg_advisory_xact_lock(v_key, v_shard);
  end if;
  return v_shard;
end $$
"""

WEIGH = """
create function search_weigh(
  p_space uuid, p_terms text[], p_parts int[], p_boosts float8[],
  out documents bigint, out c0 float8, out c1 float8,
  out terms text[], out impacts float8[], out frequencies bigint[]
) language plpgsql stable as $$
-- What BM25 (k1 1.2, b 0.75) needs to know of a query: K = c0 + c1*length, and the greatest impact
-- idf*(k1+1) of each term that occurs, strongest first. A term that stands in for another (same
-- part, boost below 1) is at most as telling as all of its part together.
declare
  v_length bigint;
begin
  select sum(s.documents), sum(s.length) into documents, v_length
    from search_statistic s where s.space_id = p_space;
  if coalesce(v_length, 0) <= 0 then documents := 0; return; end if;
  c0 := 1.2::float8 * (1 - 0.75::float8);
  c1 := 1.2::float8 * 0.75::float8 * documents / v_length;
  with given as (
    select t.term, t.part, t.boost,
      coalesce((select sum(s.documents) from search_term s
                where s.space_id = p_space and s.term = t.term), 0)::float8 as df
    from unnest(p_terms, p_parts, p_boosts) t(term, part, boost)
  ), counted as (
    select g.term, g.boost, g.df,
      case when g.boost >= 1 then g.df
           else least(documents, sum(g.df) over (partition by g.part)) end as told
    from given g
  ), weighed as (
    select c.term, c.df, c.boost * 2.2::float8 * ln(1 + (documents - c.told + 0.5) / (c.told + 0.5)) as a
    from counted c where c.df > 0
  )
  select array_agg(w.term order by w.a desc, w.term), array_agg(w.a order by w.a desc, w.term),
         array_agg(w.df::bigint order by w.a desc, w.term)
    into terms, impacts, frequencies from weighed w;
end $$
"""

FILTER = """
        d.space_id = p_space and d.doc_no = {doc}
        and (p_kinds is null or d.kind = any(p_kinds))
        and (p_statuses is null or d.status = any(p_statuses))
        and (v_required is null or d.terms @> v_required)
        and (v_excluded is null or not d.terms && v_excluded)
        and (v_phrases is null or not exists (
          select from unnest(v_phrases) f(phrase) where strpos(d.tokens, f.phrase) = 0))
        and (v_barred is null or not exists (
          select from unnest(v_barred) f(phrase) where strpos(d.tokens, f.phrase) > 0))"""

SCORED = """
      select c.doc_no, x.score from {candidates}
      cross join lateral (
        select d.terms, d.weights, d.length from search_document d where {filter}
        offset 0) d
      cross join lateral (
        select sum(q.a * h.w / (h.w + v_c0 + v_c1 * d.length)) as score
        from unnest(v_terms, v_impacts) q(term, a)
        cross join lateral (select d.weights[array_position(d.terms, q.term)] as w offset 0) h
      ) x where x.score > 0"""

ORDER = "order by floor({score} * 1e9 + 0.5) desc, {doc}"
"""Scores that differ by less than float noise are ties, and ties go to the older document."""


def rank() -> str:
    by_filter = FILTER.format(doc="c.doc_no")
    scored = SCORED.format(filter=by_filter, candidates="{candidates}")
    order = ORDER.format(score="z.score", doc="z.doc_no")
    return f"""
create function search_rank(
  p_space uuid, p_terms text[], p_parts int[], p_boosts float8[], p_limit int,
  p_kinds text[], p_statuses text[], p_required text[], p_excluded text[], p_phrases text[],
  p_barred text[]
) returns table (doc_no bigint, score float8) rows 20 {PINNED} as $$
-- The p_limit best documents of one space by BM25, exactly; docs/decisions tells the proof.
#variable_conflict use_column
declare
  v_c0 float8; v_c1 float8; v_terms text[]; v_impacts float8[]; v_frequencies bigint[];
  v_required text[] := nullif(p_required, '{{}}'); v_excluded text[] := nullif(p_excluded, '{{}}');
  v_phrases text[] := nullif(p_phrases, '{{}}'); v_barred text[] := nullif(p_barred, '{{}}');
  v_filtered boolean := p_kinds is not null or p_statuses is not null or v_required is not null
    or v_excluded is not null or v_phrases is not null or v_barred is not null;
  v_count int; v_total bigint; v_leads int; v_first int; v_chunk int;
  v_at int[]; v_w int[]; v_shortest int[]; v_term text[]; v_a float8[]; v_aw float8[]; v_wc float8[];
  v_docs bigint[]; v_scores float8[]; v_beta float8; v_theta float8; v_lead_rows bigint; v_most boolean;
  v_lead_low int[]; v_lead_high int[]; v_full_low int[]; v_full_high int[];
begin
  select w.c0, w.c1, w.terms, w.impacts, w.frequencies
    into v_c0, v_c1, v_terms, v_impacts, v_frequencies
    from search_weigh(p_space, p_terms, p_parts, p_boosts) w;
  v_count := coalesce(cardinality(v_terms), 0);
  if v_count = 0 then return; end if;
  v_total := (select sum(f) from unnest(v_frequencies) f);

  -- 1. Few postings: add them all up.
  if v_required is null and v_total <= 6000 then
    return query
      select r.doc_no, r.score from (
        select z.doc_no, z.score from (
          select p.doc_no, sum(q.a * p.weight / (p.weight + v_c0 + v_c1 * p.length)) as score
          from unnest(v_terms, v_impacts) q(term, a)
          cross join lateral (select p.doc_no, p.weight, p.length from search_posting p
            where p.space_id = p_space and p.term = q.term offset 0) p
          group by p.doc_no) z
        {order}, z.score offset 0) r
      where not v_filtered or exists (select from search_document d where {
        FILTER.format(doc="r.doc_no")
    })
      limit p_limit;
    return;
  end if;

  -- 2. Few documents pass the filters: score each of them.
  if (p_kinds is not null or p_statuses is not null) then
    v_docs := array(select d.doc_no from search_document d where d.space_id = p_space
      and (p_kinds is null or d.kind = any(p_kinds))
      and (p_statuses is null or d.status = any(p_statuses)) limit 1501);
    if cardinality(v_docs) <= 1500 then
      return query select z.doc_no, z.score from ({
        scored.format(candidates="unnest(v_docs) c(doc_no)")
    }) z
        {order} limit p_limit;
      return;
    end if;
  end if;

  -- 3. Streams: the postings of one term and one weight, shortest document first, so best first.
  --    Every result is in the postings of a lead; with required terms the rarest leads alone.
  v_leads := v_count;
  if v_required is not null then
    if not v_terms @> v_required then return; end if;
    select t.at into v_first from unnest(v_terms, v_frequencies) with ordinality t(term, df, at)
      where t.term = any(v_required) order by t.df limit 1;
    v_impacts := v_impacts[v_first:v_first] || v_impacts[:v_first - 1]
      || v_impacts[v_first + 1:];
    v_terms := v_terms[v_first] || array_remove(v_terms, v_terms[v_first]);
    v_leads := 1;
  end if;
  with recursive stream(at, head) as (
    select q.at, (select row(p.weight, p.length)::search_head from search_posting p
        where p.space_id = p_space and p.term = q.term order by p.weight, p.length limit 1)
      from unnest(v_terms) with ordinality q(term, at)
    union all
    select s.at, (select row(p.weight, p.length)::search_head from search_posting p
        where p.space_id = p_space and p.term = v_terms[s.at] and p.weight > (s.head).weight
        order by p.weight, p.length limit 1)
      from stream s where s.head is not null
  )
  select array_agg(s.at order by s.at, s.head), array_agg((s.head).weight order by s.at, s.head),
      array_agg((s.head).length order by s.at, s.head),
      array_agg(v_terms[s.at] order by s.at, s.head),
      array_agg(v_impacts[s.at] order by s.at, s.head)
    into v_at, v_w, v_shortest, v_term, v_a
    from stream s where s.head is not null;

  if v_count = 1 and not v_filtered then
    return query select z.doc_no, z.score from (
      select p.doc_no, s.a * s.w / (s.w + v_c0 + v_c1 * p.length) as score
      from unnest(v_w, v_a) s(w, a) cross join lateral (
        select p.doc_no, p.length from search_posting p
        where p.space_id = p_space and p.term = v_terms[1] and p.weight = s.w
        order by p.length, p.doc_no limit p_limit) p) z
      {order} limit p_limit;
    return;
  end if;

  -- 4. The heads of the streams, scored: enough when nothing unread can beat the last of the best.
  v_chunk := greatest(64, p_limit);
  with rest as (
    select t.at, coalesce(sum(o.a), 0) as a, coalesce(max(o.top), 1) as top
    from unnest(v_impacts) with ordinality t(a, at)
    left join lateral (select i.a, (select max(s.w) from unnest(v_at, v_w) s(at, w) where s.at = i.at) as top
      from unnest(v_impacts) with ordinality i(a, at) where i.at > t.at) o on true
    group by t.at
  ), fetched as (
    select s.at, s.w, f.doc_no, s.a * s.w / (s.w + f.k) + r.a * r.top / (r.top + f.k) as bound
    from unnest(v_term, v_at, v_w, v_a) s(term, at, w, a) join rest r on r.at = s.at
    cross join lateral (
      select p.doc_no, v_c0 + v_c1 * p.length as k from search_posting p
      where p.space_id = p_space and p.term = s.term and p.weight = s.w
      order by p.length, p.doc_no limit v_chunk) f
    where s.at <= v_leads
  ), unread as (
    select min(f.bound) as bound from fetched f group by f.at, f.w having count(*) = v_chunk
  ), heads as materialized (
    select f.doc_no, max(f.bound) as bound from fetched f group by f.doc_no
    order by 2 desc, 1 limit v_chunk * 4 + 1
  )
  select (array_agg(h.doc_no order by h.bound desc, h.doc_no))[:v_chunk * 4],
      greatest((select max(u.bound) from unread u),
               (select min(h.bound) from heads h having count(*) > v_chunk * 4))
    into v_docs, v_beta from heads h;
  select array_agg(t.doc_no), array_agg(t.score), min(t.score) into v_docs, v_scores, v_theta from (
    select z.doc_no, z.score from ({scored.format(candidates="unnest(v_docs) c(doc_no)")}) z
    {order} limit p_limit) t;
  if coalesce(cardinality(v_docs), 0) < p_limit then v_theta := 0; end if;
  if v_beta is null or v_theta > v_beta * (1 + 1e-9) then
    return query select t.doc_no, t.score from unnest(v_docs, v_scores) t(doc_no, score);
    return;
  end if;
  v_theta := v_theta * (1 - 1e-9);

  -- 5. What can still reach theta, by bands of length: within a band a term adds at most what its
  --    greatest weight in a document that short would add to the band's shortest document.
  --    Lead ranges hold each result by its first term; full ranges hold all postings of results.
  with band as (
    select g, case when g = 0 then 0 else floor(4 * 1.2 ^ g)::int end as low,
      case when g = 66 then 2147483647 else floor(4 * 1.2 ^ (g + 1))::int - 1 end as high
    from generate_series(0, 66) g
  ), at_most as (
    select b.g, s.at, max(s.a * s.w / (s.w + v_c0 + v_c1 * b.low)) as a
    from band b join unnest(v_at, v_w, v_a, v_shortest) s(at, w, a, shortest) on s.shortest <= b.high
    group by b.g, s.at
  ), others as (
    select b.g, b.low, b.high, t.at,
      coalesce(sum(m.a) filter (where m.at > t.at), 0) as later,
      coalesce(sum(m.a) filter (where m.at <> t.at), 0) as every
    from band b cross join generate_series(1, v_count) t(at) left join at_most m on m.g = b.g
    group by b.g, b.low, b.high, t.at
  ), reach as (
    select s.no,
      min(o.low) filter (where o.later + x.own >= v_theta and s.at <= v_leads) as lead_low,
      max(o.high) filter (where o.later + x.own >= v_theta and s.at <= v_leads) as lead_high,
      min(o.low) filter (where o.every + x.own >= v_theta) as full_low,
      max(o.high) filter (where o.every + x.own >= v_theta) as full_high
    from unnest(v_at, v_w, v_a, v_shortest) with ordinality s(at, w, a, shortest, no)
    join others o on o.at = s.at and s.shortest <= o.high
    cross join lateral (select s.a * s.w / (s.w + v_c0 + v_c1 * o.low) as own) x
    group by s.no
  )
  select array_agg(r.lead_low order by r.no), array_agg(r.lead_high order by r.no),
      array_agg(r.full_low order by r.no), array_agg(r.full_high order by r.no)
    into v_lead_low, v_lead_high, v_full_low, v_full_high from reach r;
  v_aw := array(select s.a * s.w from unnest(v_a, v_w) with ordinality s(a, w, no) order by s.no);
  v_wc := array(select s.w + v_c0 from unnest(v_w) with ordinality s(w, no) order by s.no);
  select count(*) into v_lead_rows from (
    select from unnest(v_term, v_w, v_lead_low, v_lead_high) s(term, w, low, high)
    cross join lateral (select from search_posting p where p.space_id = p_space
      and p.term = s.term and p.weight = s.w and p.length between s.low and s.high offset 0) p
    limit 801 + v_total / 3) l;
  v_most := v_lead_rows > 800 + v_total / 3;

  -- 6. Few leads: look each up. Many: add up the full ranges, of the leads alone where that helps.
  if v_lead_rows <= greatest(800, v_total / 60) then
    return query select z.doc_no, z.score from ({
        scored.format(
            candidates='''(
        select distinct p.doc_no
        from unnest(v_term, v_w, v_lead_low, v_lead_high) s(term, w, low, high)
        cross join lateral (select p.doc_no from search_posting p where p.space_id = p_space
          and p.term = s.term and p.weight = s.w and p.length between s.low and s.high offset 0) p) c'''
        )
    }) z {order} limit p_limit;
    return;
  end if;
  return query
    select r.doc_no, r.score from (
      select z.doc_no, z.score from (
        select p.doc_no, sum(s.aw / (s.wc + v_c1 * p.length)) as score
        from unnest(v_term, v_w, v_aw, v_wc, v_full_low, v_full_high) s(term, w, aw, wc, low, high)
        cross join lateral (select p.doc_no, p.length from search_posting p
          where p.space_id = p_space and p.term = s.term and p.weight = s.w
            and p.length between s.low and s.high offset 0) p
        where (v_most or p.doc_no in (
          select l.doc_no from unnest(v_term, v_w, v_lead_low, v_lead_high) s(term, w, low, high)
          cross join lateral (select l.doc_no from search_posting l where l.space_id = p_space
            and l.term = s.term and l.weight = s.w and l.length between s.low and s.high offset 0) l
        )) is true
        group by p.doc_no) z
      where z.score >= v_theta
      {order}, z.score offset 0) r
    where not v_filtered
      or exists (select from search_document d where {FILTER.format(doc="r.doc_no")})
    limit p_limit;
end $$
"""


def facets() -> str:
    return f"""
create function search_facets(
  p_space uuid, p_terms text[], p_required text[], p_excluded text[], p_phrases text[],
  p_barred text[]
) returns table (kind text, status text, documents bigint) rows 20 {PINNED} as $$
-- How many documents match, by kind and status, whatever kind and status the caller filters by.
#variable_conflict use_column
declare
  v_required text[] := nullif(p_required, '{{}}'); v_excluded text[] := nullif(p_excluded, '{{}}');
  v_phrases text[] := nullif(p_phrases, '{{}}'); v_barred text[] := nullif(p_barred, '{{}}');
  p_kinds text[]; p_statuses text[];
  v_terms text[] := p_terms;
  v_total bigint;
begin
  if v_required is not null then
    v_terms := array(select q.term from unnest(v_required) q(term) order by (
      select coalesce(sum(s.documents), 0) from search_term s
      where s.space_id = p_space and s.term = q.term) limit 1);
  end if;
  v_total := (select sum(s.documents) from unnest(v_terms) q(term)
    join search_term s on s.space_id = p_space and s.term = q.term);
  if v_required is not null or v_excluded is not null or v_barred is not null or v_total <= 5000 then
    return query
      select d.kind, d.status, count(*) from (
        select distinct p.doc_no from unnest(v_terms) q(term) cross join lateral (
          select p.doc_no from search_posting p where p.space_id = p_space and p.term = q.term offset 0) p
      ) m cross join lateral (select d.kind, d.status from search_document d where
        {FILTER.format(doc="m.doc_no")} offset 0) d
      group by d.kind, d.status;
    return;
  end if;
  return query
    select d.kind, d.status, count(*)
    from (select d.kind, d.status, d.doc_no from search_document d where d.space_id = p_space offset 0) d
    where (d.doc_no in (
      select p.doc_no from unnest(v_terms) q(term) cross join lateral (
        select p.doc_no from search_posting p where p.space_id = p_space and p.term = q.term offset 0) p
    )) is true
    group by d.kind, d.status;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doc_no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", TERM, nullable=False),
        sa.Column("status", TERM, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("creators", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("cover_media_id", sa.Uuid()),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("terms", ARRAY(TERM), nullable=False),
        sa.Column("weights", ARRAY(sa.Integer()), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_search_document"),
        sa.UniqueConstraint("space_id", "doc_no", name="uq_search_document_doc_no"),
    )
    op.create_index(
        "ix_search_document_facets", "search_document", ["space_id", "kind", "status", "doc_no"]
    )
    op.create_table(
        "search_posting",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("doc_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "space_id", "term", "weight", "length", "doc_no", name="pk_search_posting"
        ),
    )
    op.create_table(
        "search_statistic",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "shard", name="pk_search_statistic"),
    )
    op.create_table(
        "search_term",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "term", "shard", name="pk_search_term"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "search_trigram",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("trigram", TERM, nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "trigram", "term", "shard", name="pk_search_trigram"),
    )
    op.create_table(
        "search_vector",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("model", TERM, nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "document_id", "model", name="pk_search_vector"),
        sa.ForeignKeyConstraint(
            ["space_id", "document_id"],
            ["search_document.space_id", "search_document.id"],
            name="fk_search_vector_space_id_document_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_search_vector_model", "search_vector", ["space_id", "model", "document_id"])
    for size in DIMENSIONS:
        op.create_index(
            f"ix_search_vector_hnsw_{size}",
            "search_vector",
            [sa.literal_column(f"(embedding::halfvec({size})) halfvec_ip_ops")],
            postgresql_using="hnsw",
            postgresql_where=sa.text(f"dimensions = {size}"),
        )
    for table in TABLES:
        space_table(table)
    op.execute("alter table search_posting set (autovacuum_vacuum_insert_scale_factor = 0.05)")
    for function in (HEAD, SHARD, WEIGH, rank(), facets()):
        op.execute(sa.text(function.replace(":", r"\:")))


def downgrade() -> None:
    for name in ("search_facets", "search_rank", "search_weigh", "search_shard"):
        op.execute(f"drop function {name}")
    op.execute("drop type search_head")
    for table in reversed(TABLES):
        op.drop_table(table)
