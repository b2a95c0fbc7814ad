"""The desk in the browser: accounts and the log, work on clips and turns, lists of the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out, not imported: a migration stays what it was when the tables move on.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOG_STAYS = (
    "CREATE TRIGGER act_is_not_changed BEFORE UPDATE ON act "
    "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END",
    "CREATE TRIGGER act_is_not_deleted BEFORE DELETE ON act "
    "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END",
)


def upgrade() -> None:
    """Add the tables; what is there stays as it is."""
    _people()
    if op.get_bind().dialect.name == "sqlite":
        for statement in LOG_STAYS:
            op.execute(statement)
    _clips()
    _turns()
    _lists()
    for column in ("voice_id", "author_id"):
        op.create_index(op.f(f"ix_attribution_{column}"), "attribution", [column], unique=False)


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", KEY, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("ended_utc", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("folded", name=op.f("uq_account_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("seen_utc", sa.Text(), nullable=False),
        sa.Column("expires_utc", sa.Text(), nullable=False),
        sa.Column("ended_utc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("sha256", name=op.f("uq_session_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("expires_utc", sa.Text(), nullable=True),
        sa.Column("used_utc", sa.Text(), nullable=True),
        sa.Column("ended_utc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_token_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "login_attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_login_attempt_address_made_utc"),
        "login_attempt",
        ["address", "made_utc"],
        unique=False,
    )
    op.create_index(
        op.f("ix_login_attempt_folded_made_utc"),
        "login_attempt",
        ["folded", "made_utc"],
        unique=False,
    )
    op.create_table(
        "act",
        sa.Column("id", KEY, nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_act_actor"), "act", ["actor"], unique=False)
    op.create_index(op.f("ix_act_kind_subject"), "act", ["kind", "subject"], unique=False)


def _clips() -> None:
    op.create_table(
        "clip_work",
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=True),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("hold_by", sa.Text(), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_utc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_clip_work_clip_id_clip")),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_clip_work")),
    )
    op.create_index(op.f("ix_clip_work_state"), "clip_work", ["state"], unique=False)
    op.create_table(
        "clip_query",
        sa.Column("id", KEY, nullable=False),
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("turn_id", KEY, nullable=True),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at_ms", KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_utc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_clip_query_clip_id_clip")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_clip_query_turn_id_turn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip_query")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_clip_query_clip_id"), "clip_query", ["clip_id"], unique=False)
    op.create_table(
        "clip_proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("differing", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Boolean(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_utc", sa.Text(), nullable=True),
        sa.Column("passed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_clip_proof_clip_id_clip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip_proof")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_clip_proof_clip_id"), "clip_proof", ["clip_id"], unique=False)
    op.create_table(
        "record_act",
        sa.Column("id", KEY, nullable=False),
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_record_act_clip_id_clip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_act")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_record_act_clip_id"), "record_act", ["clip_id"], unique=False)


def _turns() -> None:
    op.create_table(
        "revision_act",
        sa.Column("revision_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undoes", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_act_revision_id_revision")
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["revision.id"], name=op.f("fk_revision_act_undoes_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revision_act")),
    )
    op.create_index(op.f("ix_revision_act_undoes"), "revision_act", ["undoes"], unique=False)
    op.create_table(
        "past_sentence",
        sa.Column("turn_id", KEY, nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("sentence_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_past_sentence_turn_id_turn")
        ),
        sa.PrimaryKeyConstraint("turn_id", "char_start", name=op.f("pk_past_sentence")),
    )


def _lists() -> None:
    op.create_table(
        "channel_terms",
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("text", sa.Boolean(), nullable=False),
        sa.Column("media", sa.Boolean(), nullable=False),
        sa.Column("longest_ms", KEY, nullable=True),
        sa.Column("download", sa.Boolean(), nullable=False),
        sa.Column("embed", sa.Boolean(), nullable=False),
        sa.Column("expires_days", sa.Integer(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "longest_ms IS NULL OR longest_ms > 0", name=op.f("ck_channel_terms_some_length")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_terms_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_terms")),
    )
    op.create_table(
        "style_rule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("off", sa.Text(), nullable=False),
        sa.Column("house", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_style_rule")),
        sa.UniqueConstraint(
            "kind", "off", "language", name=op.f("uq_style_rule_kind_off_language")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shared_report",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("ended_utc", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_report")),
        sa.UniqueConstraint("key", name=op.f("uq_shared_report_key")),
        sqlite_autoincrement=True,
    )
