"""Every table of the catalogue, as SQLAlchemy Core metadata.

Kept to what SQLite and PostgreSQL both have. Keys are 64-bit; constraint names follow one
convention, so that batch migrations can name them. Points in time are UTC, ISO 8601 with `Z`,
as text; structured facts are JSON text (`columns.py`). Accounts are in `people_tables`, the work
of people on clips, turns and records in `work_tables`. A change here needs a migration in
`migrations/versions/`; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""One name for every constraint, on every database: Alembic's batch mode needs them."""

metadata = MetaData(naming_convention=NAMING)

KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives row ids only to a column of type INTEGER."""

SHA256 = String(64)


def key_column() -> Column[int]:
    """The key of a table that has one of its own."""
    return Column("id", KEY, primary_key=True)


def reference(column: str, target: str, *, nullable: bool = False) -> Column[Any]:
    """A column that names a row of another table (`table.column`)."""
    kind = SHA256 if target.endswith((".sha256", ".key")) else KEY
    return Column(column, kind, ForeignKey(target), nullable=nullable)


channel = Table(
    "channel",
    metadata,
    key_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("country", Text),
    Column("zone", Text),
    Column("languages", Text, nullable=False),
    Column("stream_address", Text),
    Column("rights", Text),
)

vault_object = Table(
    "vault_object",
    metadata,
    Column("sha256", SHA256, primary_key=True),
    Column("size_bytes", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_utc", Text, nullable=False),
)

recording = Table(
    "recording",
    metadata,
    key_column(),
    reference("channel_id", "channel.id"),
    reference("object_sha256", "vault_object.sha256", nullable=True),
    Column("object_name", Text),
    # An unknown airing is four empty texts, never NULL: NULLs are all different in a unique key.
    Column("aired_value", Text, nullable=False),
    Column("aired_precision", Text, nullable=False),
    Column("aired_kind", Text, nullable=False),
    Column("aired_zone", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("held", Text, nullable=False),
    Column("media", Text),
    # What `media` says, to be summed by the database.
    Column("duration_ms", KEY),
    Column("added_utc", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("quarantine", Text),
    UniqueConstraint(
        "object_sha256",
        "channel_id",
        "aired_value",
        "aired_precision",
        "aired_kind",
        "aired_zone",
        name="uq_recording_identity",
    ),
    Index(None, "channel_id"),
    sqlite_autoincrement=True,
)

attachment = Table(
    "attachment",
    metadata,
    key_column(),
    reference("recording_id", "recording.id"),
    Column("role", Text, nullable=False),
    reference("object_sha256", "vault_object.sha256"),
    Column("object_name", Text, nullable=False),
    Column("added_utc", Text, nullable=False),
    UniqueConstraint("recording_id", "role", "object_sha256"),
    Index(None, "object_sha256"),
)

gap = Table(
    "gap",
    metadata,
    key_column(),
    reference("recording_id", "recording.id"),
    Column("start_ms", KEY, nullable=False),
    Column("end_ms", KEY, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "recording_id"),
)

claim = Table(
    "claim",
    metadata,
    Column("key", SHA256, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("sound_sha256", SHA256, nullable=False),
    Column("duration_ms", KEY, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("language", Text, nullable=False),
    Column("language_probability", Float(53)),
    Column("mean_probability", Float(53)),
    Column("no_speech_probability", Float(53)),
    Column("made_utc", Text, nullable=False),
)

diarisation = Table(
    "diarisation",
    metadata,
    Column("key", SHA256, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("sound_sha256", SHA256, nullable=False),
    Column("duration_ms", KEY, nullable=False),
    Column("voices", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
)

translation_claim = Table(
    "translation_claim",
    metadata,
    Column("key", SHA256, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    key_column(),
    reference("recording_id", "recording.id"),
    Column("number", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    Column("opened_utc", Text, nullable=False),
    Column("finished_utc", Text),
    # Of its chunks that were heard or hold no speech, kept with them.
    Column("covered_ms", KEY, nullable=False),
    UniqueConstraint("recording_id", "number"),
)

chunk = Table(
    "chunk",
    metadata,
    key_column(),
    reference("run_id", "run.id"),
    Column("start_ms", KEY, nullable=False),
    Column("end_ms", KEY, nullable=False),
    Column("activity", Text, nullable=False),
    Column("score", Float(53), nullable=False),
    reference("claim_key", "claim.key", nullable=True),
    Column("skipped", Text),
    Column("language", Text),
    Column("language_probability", Float(53)),
    reference("second_key", "claim.key", nullable=True),
    Column("sound_start_ms", KEY),
    UniqueConstraint("run_id", "start_ms", "end_ms"),
    CheckConstraint("(claim_key IS NULL) <> (skipped IS NULL)", name="heard_or_skipped"),
)

layer = Table(
    "layer",
    metadata,
    key_column(),
    reference("recording_id", "recording.id"),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("run", Integer, nullable=False),
    Column("frozen", Boolean, nullable=False),
    reference("source_layer_id", "layer.id", nullable=True),
    Column("note", Text),
    Column("made_utc", Text, nullable=False),
    # Of its standing turns, kept with them: no table of this size is read to count words.
    Column("words", KEY, nullable=False),
    Column("heard_words", KEY, nullable=False),
    UniqueConstraint(
        "recording_id", "kind", "language", "origin", "maker", "run", name="uq_layer_key"
    ),
    sqlite_autoincrement=True,
)

revision = Table(
    "revision",
    metadata,
    key_column(),
    reference("layer_id", "layer.id"),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Index(None, "layer_id"),
    sqlite_autoincrement=True,
)

STANDING_TURN = text("replaced_by IS NULL")

turn = Table(
    "turn",
    metadata,
    key_column(),
    reference("layer_id", "layer.id"),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("start_ms", KEY),
    Column("end_ms", KEY),
    Column("label", Text),
    Column("marks", Text),
    # The revision it came from, none for the layer's maker, and the one that took its place.
    reference("made_in", "revision.id", nullable=True),
    reference("replaced_by", "revision.id", nullable=True),
    Index(
        "uq_turn_standing",
        "layer_id",
        "ordinal",
        unique=True,
        sqlite_where=STANDING_TURN,
        postgresql_where=STANDING_TURN,
    ),
    Index(None, "layer_id", "start_ms"),
    sqlite_autoincrement=True,
)

sentence = Table(
    "sentence",
    metadata,
    key_column(),
    reference("turn_id", "turn.id"),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    UniqueConstraint("turn_id", "char_start"),
    sqlite_autoincrement=True,
)

sentence_source = Table(
    "sentence_source",
    metadata,
    Column("sentence_id", KEY, ForeignKey("sentence.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    reference("source_sentence_id", "sentence.id"),
    Column("sha256", SHA256, nullable=False),
    Index(None, "source_sentence_id"),
)

flag = Table(
    "flag",
    metadata,
    key_column(),
    reference("layer_id", "layer.id"),
    Column("kind", Text, nullable=False),
    Column("start_ms", KEY),
    Column("end_ms", KEY),
    Column("reason", Text, nullable=False),
    reference("sentence_id", "sentence.id", nullable=True),
    Column("made_utc", Text, nullable=False),
    Column("settled_by", Text),
    Column("settled_utc", Text),
    Column("settled_note", Text),
    CheckConstraint("(start_ms IS NULL) = (end_ms IS NULL)", name="whole_span"),
    Index(None, "layer_id", "start_ms"),
    sqlite_autoincrement=True,
)

speaker = Table(
    "speaker",
    metadata,
    key_column(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # A role ("Interviewer") is nobody outside its own recording.
    reference("recording_id", "recording.id", nullable=True),
    Column("withheld", Boolean, nullable=False),
    Index(None, "name"),
    Index(None, "withheld"),
)

withholding = Table(
    "withholding",
    metadata,
    key_column(),
    reference("speaker_id", "speaker.id"),
    # False where it was lifted.
    Column("withheld", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Index(None, "speaker_id"),
    sqlite_autoincrement=True,
)

attribution = Table(
    "attribution",
    metadata,
    key_column(),
    reference("turn_id", "turn.id"),
    reference("voice_id", "speaker.id", nullable=True),
    reference("author_id", "speaker.id", nullable=True),
    Column("label", Text),
    Column("certainty", Float(53)),
    Column("made_by", Text, nullable=False),
    Column("confirmed_by", Text),
    Column("heard", Boolean, nullable=False),
    Column("made_utc", Text, nullable=False),
    Index(None, "turn_id"),
    Index(None, "voice_id"),
    Index(None, "author_id"),
    sqlite_autoincrement=True,
)

hearing = Table(
    "hearing",
    metadata,
    key_column(),
    reference("turn_id", "turn.id"),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    Column("heard_by", Text, nullable=False),
    Column("heard_utc", Text, nullable=False),
    UniqueConstraint("turn_id", "char_start", "char_end", "heard_by"),
    CheckConstraint("0 <= char_start AND char_start < char_end", name="some_text"),
    sqlite_autoincrement=True,
)

change = Table(
    "change",
    metadata,
    key_column(),
    Column("kind", Text, nullable=False),
    Column("subject_id", KEY, nullable=False),
    Column("made_utc", Text, nullable=False),
    sqlite_autoincrement=True,
)

clip = Table(
    "clip",
    metadata,
    key_column(),
    reference("recording_id", "recording.id"),
    reference("layer_id", "layer.id", nullable=True),
    Column("headline", Text),
    Column("summary", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("series", Text),
    Column("printed", Text),
    Column("edition", Integer, nullable=False),
    UniqueConstraint("series", "printed"),
    CheckConstraint("(series IS NULL) = (printed IS NULL)", name="whole_number"),
    Index(None, "recording_id"),
    sqlite_autoincrement=True,
)

clip_span = Table(
    "clip_span",
    metadata,
    Column("clip_id", KEY, ForeignKey("clip.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start_ms", KEY, nullable=False),
    Column("end_ms", KEY, nullable=False),
)

clip_turn = Table(
    "clip_turn",
    metadata,
    Column("clip_id", KEY, ForeignKey("clip.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    reference("turn_id", "turn.id"),
)

series = Table(
    "series",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", KEY, nullable=False),
)

edition = Table(
    "edition",
    metadata,
    key_column(),
    reference("clip_id", "clip.id"),
    Column("edition", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("note", Text),
    UniqueConstraint("clip_id", "edition"),
)

edition_object = Table(
    "edition_object",
    metadata,
    Column("edition_id", KEY, ForeignKey("edition.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    reference("object_sha256", "vault_object.sha256"),
    Column("object_name", Text, nullable=False),
    Index(None, "object_sha256"),
)

name = Table(
    "name",
    metadata,
    key_column(),
    Column("kind", Text, nullable=False),
    Column("house", Text, nullable=False),
    Column("native", Text),
    Column("spellings", Text, nullable=False),
    Column("authority", Text),
    Column("offices", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    UniqueConstraint("kind", "house"),
    sqlite_autoincrement=True,
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", KEY, nullable=False),
)

ACTIVE_WATCH = text("removed_utc IS NULL")

watch = Table(
    "watch",
    metadata,
    key_column(),
    Column("label", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("removed_utc", Text),
    Index(
        "uq_watch_active",
        "label",
        unique=True,
        sqlite_where=ACTIVE_WATCH,
        postgresql_where=ACTIVE_WATCH,
    ),
    sqlite_autoincrement=True,
)

watch_match = Table(
    "watch_match",
    metadata,
    key_column(),
    reference("watch_id", "watch.id"),
    reference("recording_id", "recording.id"),
    reference("layer_id", "layer.id"),
    reference("turn_id", "turn.id"),
    reference("sentence_id", "sentence.id"),
    Column("text", Text, nullable=False),
    Column("found_utc", Text, nullable=False),
    UniqueConstraint("watch_id", "sentence_id"),
    Index(None, "watch_id", "id"),
    sqlite_autoincrement=True,
)

OPEN_JOB = text("state IN ('queued', 'running', 'paused')")

job = Table(
    "job",
    metadata,
    key_column(),
    Column("kind", Text, nullable=False),
    Column("subject", KEY, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Float(53), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Float(53), nullable=False),
    Column("leased_until", Float(53)),
    Column("lease_owner", Text),
    Column("settings", Text, nullable=False),
    Column("error", Text),
    Column("begun", Float(53)),
    Column("share", Float(53)),
    Column("share_begun", Float(53), nullable=False),
    Column("made_utc", Text, nullable=False),
    Index(
        "uq_job_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=OPEN_JOB,
        postgresql_where=OPEN_JOB,
    ),
    Index(None, "state", "priority"),
    sqlite_autoincrement=True,
)
