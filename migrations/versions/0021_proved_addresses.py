"""Whether an address was proved, apart from whether its person may log in.

Until here an address counted as proved wherever no proof was asked for. What was really proved
leaves a trace: a letter's link that was followed, or an outside provider's word.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PROVED = """
update accounts_user u set proof_waived = true, email_verified = exists (
    select from accounts_email_change c where c.user_id = u.id and c.confirmed_at is not null)
  or exists (select from audit_entry a where a.subject_space = u.id
    and (a.action = 'auth.email_verified'
      or a.action = 'account.registered' and a.detail ->> 'by' = 'outside'))
where u.email_verified
"""
"""Whoever could log in may do so still; a mailbox that left no trace is proved by one letter."""


def upgrade() -> None:
    op.add_column(
        "accounts_user",
        sa.Column("proof_waived", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "accounts_one_time",
        sa.Column("mailed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    # The letters that are on their way keep what they prove.
    op.execute(
        "update accounts_one_time set mailed = true"
        " where purpose in ('verify_email', 'confirm_email', 'undo_email')"
    )
    # The log is read by its owner's policy, which a migration otherwise runs without.
    op.execute("set local row_security = on")
    op.execute(PROVED)
    op.execute("set local row_security = off")


def downgrade() -> None:
    op.execute("update accounts_user set email_verified = true where proof_waived")
    op.drop_column("accounts_one_time", "mailed")
    op.drop_column("accounts_user", "proof_waived")
