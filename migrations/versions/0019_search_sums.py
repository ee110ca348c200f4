"""Adding up all postings, where thinking first costs more than it saves.

What 0006 does after its heads (step 4) is to bound, count and look up. Measured with 100,000 items:
few postings in all are summed sooner than bounded; three terms of which none is rare bound each
other hardly at all; and once a quarter of all postings could lead, looking for each posting's
document among them costs more than its sum.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SIGNATURE = "search_rank(uuid,text[],int[],float8[],int,text[],text[],text[],text[],text[],text[])"

ALLOWED = """
      where not v_filtered or exists (select from search_document d where
        d.space_id = p_space and d.doc_no = r.doc_no
        and (p_kinds is null or d.kind = any(p_kinds))
        and (p_statuses is null or d.status = any(p_statuses))
        and (v_excluded is null or not d.terms && v_excluded)
        and (v_barred is null or not exists (
          select from unnest(v_barred) f(phrase) where strpos(d.tokens, f.phrase) > 0)))
      limit p_limit;
    return;
"""
BEST = """
      where z.score >= v_theta
      order by floor(z.score * 1e9 + 0.5) desc, z.doc_no, z.score offset 0) r"""

WHOLE = f"""
    return query select r.doc_no, r.score from (
      select z.doc_no, z.score from (
        select p.doc_no, sum(q.a * p.weight / (p.weight + v_c0 + v_c1 * p.length)) as score
        from unnest(v_terms, v_impacts) q(term, a)
        cross join lateral (select p.doc_no, p.weight, p.length from search_posting p
          where p.space_id = p_space and p.term = q.term offset 0) p
        group by p.doc_no) z{BEST}{ALLOWED}"""

RANGES = f"""
    return query select r.doc_no, r.score from (
      select z.doc_no, z.score from (
        select p.doc_no, sum(s.aw / (s.wc + v_c1 * p.length)) as score
        from unnest(v_term, v_w, v_aw, v_wc, v_full_low, v_full_high) s(term, w, aw, wc, low, high)
        cross join lateral (select p.doc_no, p.length from search_posting p
          where p.space_id = p_space and p.term = s.term and p.weight = s.w
            and p.length between s.low and s.high offset 0) p
        group by p.doc_no) z{BEST}{ALLOWED}"""

BOUND = "  v_theta := v_theta * (1 - 1e-9);\n"
LOOK_UP = "  if v_lead_rows <= greatest(800, v_total / 60) then\n"
CHANGES = (
    (
        BOUND,
        f"""{BOUND}
  -- 4b. Bounding costs more than it saves (required terms and phrases come with a lead of their own).
  if v_required is null and v_phrases is null and (v_total <= 28000 or (v_count > 2
      and 4 * (select min(f) from unnest(v_frequencies) f) >= v_total)) then{WHOLE}  end if;
""",
    ),
    ("limit 801 + v_total / 3) l;", "limit 801 + v_total / 4) l;"),
    ("v_most := v_lead_rows > 800 + v_total / 3;", "v_most := v_lead_rows > 800 + v_total / 4;"),
    (
        LOOK_UP,
        f"""  if v_most and v_required is null and v_phrases is null then
    if v_count > 2 then{WHOLE}    end if;{RANGES}  end if;
{LOOK_UP}""",
    ),
)


def rewrite(changes: tuple[tuple[str, str], ...]) -> None:
    """Replace parts of the ranking function; each must stand there once."""
    found = op.get_bind().execute(
        sa.text("select pg_get_functiondef(to_regprocedure(:name))"), {"name": SIGNATURE}
    )
    definition = str(found.scalar())
    for before, after in changes:
        if definition.count(before) != 1:
            raise RuntimeError(
                f"search_rank is not the function that this revision knows: {before}"
            )
        definition = definition.replace(before, after)
    op.execute(sa.text(definition.replace(":", r"\:")))


def upgrade() -> None:
    rewrite(CHANGES)


def downgrade() -> None:
    rewrite(tuple((after, before) for before, after in reversed(CHANGES)))
