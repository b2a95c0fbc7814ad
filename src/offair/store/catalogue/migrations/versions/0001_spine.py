"""The first tables: recordings, claims, layers, clips, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not imported: a migration stays what it was when the tables move on.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_{column}_{target.split('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=named)


def upgrade() -> None:
    """Make the tables of the first release."""
    _recordings()
    _claims()
    _layers()
    _sentences()
    _speakers()
    _hearings()
    _clips()
    _names()
    _jobs()


def _recordings() -> None:
    op.create_table(
        "channel",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("stream_address", sa.Text(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("name", name=op.f("uq_channel_name")),
    )
    op.create_table(
        "vault_object",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_vault_object")),
    )
    op.create_table(
        "recording",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("object_sha256", sa.String(length=64), nullable=True),
        sa.Column("object_name", sa.Text(), nullable=True),
        sa.Column("aired_value", sa.Text(), nullable=False),
        sa.Column("aired_precision", sa.Text(), nullable=False),
        sa.Column("aired_kind", sa.Text(), nullable=False),
        sa.Column("aired_zone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("duration_ms", KEY, nullable=True),
        sa.Column("added_utc", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("quarantine", sa.Text(), nullable=True),
        _to("recording", "channel_id", "channel.id"),
        _to("recording", "object_sha256", "vault_object.sha256"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint(
            "object_sha256",
            "channel_id",
            "aired_value",
            "aired_precision",
            "aired_kind",
            "aired_zone",
            name="uq_recording_identity",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recording_channel_id"), "recording", ["channel_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("object_sha256", sa.String(length=64), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        sa.Column("added_utc", sa.Text(), nullable=False),
        _to("attachment", "object_sha256", "vault_object.sha256"),
        _to("attachment", "recording_id", "recording.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "recording_id",
            "role",
            "object_sha256",
            name=op.f("uq_attachment_recording_id_role_object_sha256"),
        ),
    )
    op.create_index(
        op.f("ix_attachment_object_sha256"), "attachment", ["object_sha256"], unique=False
    )
    op.create_table(
        "gap",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("start_ms", KEY, nullable=False),
        sa.Column("end_ms", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("gap", "recording_id", "recording.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    op.create_index(op.f("ix_gap_recording_id"), "gap", ["recording_id"], unique=False)


def _claims() -> None:
    op.create_table(
        "claim",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("sound_sha256", sa.String(length=64), nullable=False),
        sa.Column("duration_ms", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("language_probability", sa.Float(precision=53), nullable=True),
        sa.Column("mean_probability", sa.Float(precision=53), nullable=True),
        sa.Column("no_speech_probability", sa.Float(precision=53), nullable=True),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claim")),
    )
    op.create_table(
        "diarisation",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("sound_sha256", sa.String(length=64), nullable=False),
        sa.Column("duration_ms", KEY, nullable=False),
        sa.Column("voices", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_diarisation")),
    )
    op.create_table(
        "translation_claim",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_translation_claim")),
    )
    op.create_table(
        "run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("opened_utc", sa.Text(), nullable=False),
        sa.Column("finished_utc", sa.Text(), nullable=True),
        sa.Column("covered_ms", KEY, nullable=False),
        _to("run", "recording_id", "recording.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("recording_id", "number", name=op.f("uq_run_recording_id_number")),
    )
    op.create_table(
        "chunk",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("start_ms", KEY, nullable=False),
        sa.Column("end_ms", KEY, nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        sa.Column("claim_key", sa.String(length=64), nullable=True),
        sa.Column("skipped", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("language_probability", sa.Float(precision=53), nullable=True),
        sa.Column("second_key", sa.String(length=64), nullable=True),
        sa.Column("sound_start_ms", KEY, nullable=True),
        sa.CheckConstraint(
            "(claim_key IS NULL) <> (skipped IS NULL)", name=op.f("ck_chunk_heard_or_skipped")
        ),
        _to("chunk", "claim_key", "claim.key"),
        _to("chunk", "run_id", "run.id"),
        _to("chunk", "second_key", "claim.key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunk")),
        sa.UniqueConstraint(
            "run_id", "start_ms", "end_ms", name=op.f("uq_chunk_run_id_start_ms_end_ms")
        ),
    )


def _layers() -> None:
    op.create_table(
        "layer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("source_layer_id", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("words", KEY, nullable=False),
        sa.Column("heard_words", KEY, nullable=False),
        _to("layer", "recording_id", "recording.id"),
        _to("layer", "source_layer_id", "layer.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer")),
        sa.UniqueConstraint(
            "recording_id", "kind", "language", "origin", "maker", "run", name="uq_layer_key"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "revision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("layer_id", KEY, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        _to("revision", "layer_id", "layer.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_revision_layer_id"), "revision", ["layer_id"], unique=False)
    op.create_table(
        "turn",
        sa.Column("id", KEY, nullable=False),
        sa.Column("layer_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("start_ms", KEY, nullable=True),
        sa.Column("end_ms", KEY, nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.Column("made_in", KEY, nullable=True),
        sa.Column("replaced_by", KEY, nullable=True),
        _to("turn", "layer_id", "layer.id"),
        _to("turn", "made_in", "revision.id"),
        _to("turn", "replaced_by", "revision.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_turn_standing",
        "turn",
        ["layer_id", "ordinal"],
        unique=True,
        sqlite_where=sa.text("replaced_by IS NULL"),
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.create_index(
        op.f("ix_turn_layer_id_start_ms"), "turn", ["layer_id", "start_ms"], unique=False
    )


def _sentences() -> None:
    op.create_table(
        "sentence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("turn_id", KEY, nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        _to("sentence", "turn_id", "turn.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint("turn_id", "char_start", name=op.f("uq_sentence_turn_id_char_start")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sentence_source",
        sa.Column("sentence_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("source_sentence_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _to("sentence_source", "sentence_id", "sentence.id"),
        _to("sentence_source", "source_sentence_id", "sentence.id"),
        sa.PrimaryKeyConstraint("sentence_id", "ordinal", name=op.f("pk_sentence_source")),
    )
    op.create_index(
        op.f("ix_sentence_source_source_sentence_id"),
        "sentence_source",
        ["source_sentence_id"],
        unique=False,
    )
    op.create_table(
        "flag",
        sa.Column("id", KEY, nullable=False),
        sa.Column("layer_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start_ms", KEY, nullable=True),
        sa.Column("end_ms", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sentence_id", KEY, nullable=True),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_utc", sa.Text(), nullable=True),
        sa.Column("settled_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(start_ms IS NULL) = (end_ms IS NULL)", name=op.f("ck_flag_whole_span")
        ),
        _to("flag", "layer_id", "layer.id"),
        _to("flag", "sentence_id", "sentence.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_flag_layer_id_start_ms"), "flag", ["layer_id", "start_ms"], unique=False
    )


def _speakers() -> None:
    op.create_table(
        "speaker",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recording_id", KEY, nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        _to("speaker", "recording_id", "recording.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
    )
    op.create_index(op.f("ix_speaker_name"), "speaker", ["name"], unique=False)
    op.create_index(op.f("ix_speaker_withheld"), "speaker", ["withheld"], unique=False)
    op.create_table(
        "withholding",
        sa.Column("id", KEY, nullable=False),
        sa.Column("speaker_id", KEY, nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        _to("withholding", "speaker_id", "speaker.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholding")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_withholding_speaker_id"), "withholding", ["speaker_id"], unique=False)
    op.create_table(
        "attribution",
        sa.Column("id", KEY, nullable=False),
        sa.Column("turn_id", KEY, nullable=False),
        sa.Column("voice_id", KEY, nullable=True),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Float(precision=53), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        _to("attribution", "author_id", "speaker.id"),
        _to("attribution", "turn_id", "turn.id"),
        _to("attribution", "voice_id", "speaker.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attribution_turn_id"), "attribution", ["turn_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )


def _hearings() -> None:
    op.create_table(
        "hearing",
        sa.Column("id", KEY, nullable=False),
        sa.Column("turn_id", KEY, nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("heard_by", sa.Text(), nullable=False),
        sa.Column("heard_utc", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "0 <= char_start AND char_start < char_end", name=op.f("ck_hearing_some_text")
        ),
        _to("hearing", "turn_id", "turn.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint(
            "turn_id",
            "char_start",
            "char_end",
            "heard_by",
            name=op.f("uq_hearing_turn_id_char_start_char_end_heard_by"),
        ),
        sqlite_autoincrement=True,
    )


def _clips() -> None:
    op.create_table(
        "clip",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("layer_id", KEY, nullable=True),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(series IS NULL) = (printed IS NULL)", name=op.f("ck_clip_whole_number")
        ),
        _to("clip", "layer_id", "layer.id"),
        _to("clip", "recording_id", "recording.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip")),
        sa.UniqueConstraint("series", "printed", name=op.f("uq_clip_series_printed")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_clip_recording_id"), "clip", ["recording_id"], unique=False)
    op.create_table(
        "clip_span",
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start_ms", KEY, nullable=False),
        sa.Column("end_ms", KEY, nullable=False),
        _to("clip_span", "clip_id", "clip.id"),
        sa.PrimaryKeyConstraint("clip_id", "ordinal", name=op.f("pk_clip_span")),
    )
    op.create_table(
        "clip_turn",
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("turn_id", KEY, nullable=False),
        _to("clip_turn", "clip_id", "clip.id"),
        _to("clip_turn", "turn_id", "turn.id"),
        sa.PrimaryKeyConstraint("clip_id", "ordinal", name=op.f("pk_clip_turn")),
    )
    op.create_table(
        "series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_series")),
    )
    op.create_table(
        "edition",
        sa.Column("id", KEY, nullable=False),
        sa.Column("clip_id", KEY, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        _to("edition", "clip_id", "clip.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("clip_id", "edition", name=op.f("uq_edition_clip_id_edition")),
    )
    op.create_table(
        "edition_object",
        sa.Column("edition_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("object_sha256", sa.String(length=64), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=False),
        _to("edition_object", "edition_id", "edition.id"),
        _to("edition_object", "object_sha256", "vault_object.sha256"),
        sa.PrimaryKeyConstraint("edition_id", "ordinal", name=op.f("pk_edition_object")),
    )
    op.create_index(
        op.f("ix_edition_object_object_sha256"), "edition_object", ["object_sha256"], unique=False
    )


def _names() -> None:
    op.create_table(
        "name",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("native", sa.Text(), nullable=True),
        sa.Column("spellings", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name")),
        sa.UniqueConstraint("kind", "house", name=op.f("uq_name_kind_house")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "watch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.Column("removed_utc", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_watch_active",
        "watch",
        ["label"],
        unique=True,
        sqlite_where=sa.text("removed_utc IS NULL"),
        postgresql_where=sa.text("removed_utc IS NULL"),
    )
    op.create_table(
        "watch_match",
        sa.Column("id", KEY, nullable=False),
        sa.Column("watch_id", KEY, nullable=False),
        sa.Column("recording_id", KEY, nullable=False),
        sa.Column("layer_id", KEY, nullable=False),
        sa.Column("turn_id", KEY, nullable=False),
        sa.Column("sentence_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("found_utc", sa.Text(), nullable=False),
        _to("watch_match", "layer_id", "layer.id"),
        _to("watch_match", "recording_id", "recording.id"),
        _to("watch_match", "sentence_id", "sentence.id"),
        _to("watch_match", "turn_id", "turn.id"),
        _to("watch_match", "watch_id", "watch.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_match")),
        sa.UniqueConstraint(
            "watch_id", "sentence_id", name=op.f("uq_watch_match_watch_id_sentence_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_watch_match_watch_id_id"), "watch_match", ["watch_id", "id"], unique=False
    )


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Float(precision=53), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(precision=53), nullable=False),
        sa.Column("leased_until", sa.Float(precision=53), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("begun", sa.Float(precision=53), nullable=True),
        sa.Column("share", sa.Float(precision=53), nullable=True),
        sa.Column("share_begun", sa.Float(precision=53), nullable=False),
        sa.Column("made_utc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_job_state_priority"), "job", ["state", "priority"], unique=False)
    op.create_index(
        "uq_job_open",
        "job",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running', 'paused')"),
        postgresql_where=sa.text("state IN ('queued', 'running', 'paused')"),
    )
