"""The tables of what people do to clips, turns and records; part of the one `metadata`."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from offair.store.catalogue.tables import KEY, key_column, metadata, reference

clip_work = Table(
    "clip_work",
    metadata,
    Column("clip_id", KEY, ForeignKey("clip.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    Column("version", Integer, nullable=False),
    Column("not_before", Text),
    Column("hold", Text),
    Column("hold_by", Text),
    Column("read_by", Text),
    Column("changed_by", Text),
    Column("changed_utc", Text),
    Index(None, "state"),
)

clip_query = Table(
    "clip_query",
    metadata,
    key_column(),
    reference("clip_id", "clip.id"),
    reference("turn_id", "turn.id", nullable=True),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("at_ms", KEY),
    Column("text", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("answer", Text),
    Column("settled_by", Text),
    Column("settled_utc", Text),
    Index(None, "clip_id"),
    sqlite_autoincrement=True,
)

clip_proof = Table(
    "clip_proof",
    metadata,
    key_column(),
    reference("clip_id", "clip.id"),
    Column("part", Integer, nullable=False),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    Column("clause", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # JSON: [[turn, start, end], …], [term, …], [reason, …].
    Column("links", Text, nullable=False),
    Column("differing", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("own_words", Boolean, nullable=False),
    Column("field", Text),
    Column("proposed_by", Text, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_utc", Text),
    Column("passed", Text),
    Index(None, "clip_id"),
    sqlite_autoincrement=True,
)

revision_act = Table(
    "revision_act",
    metadata,
    Column("revision_id", KEY, ForeignKey("revision.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text),
    reference("undoes", "revision.id", nullable=True),
    Index(None, "undoes"),
)

past_sentence = Table(
    "past_sentence",
    metadata,
    Column("turn_id", KEY, ForeignKey("turn.id"), primary_key=True),
    Column("char_start", Integer, primary_key=True),
    Column("char_end", Integer, nullable=False),
    # No foreign key: a sentence that stands nowhere has no row.
    Column("sentence_id", KEY, nullable=False),
)
"""Where the sentences of a turn stood that was replaced, so that a revert brings them back."""

record_act = Table(
    "record_act",
    metadata,
    key_column(),
    reference("clip_id", "clip.id"),
    Column("edition", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("note", Text),
    Column("said", Text),
    Column("says", Text),
    Column("ground", Text),
    Column("erased", Boolean, nullable=False),
    Index(None, "clip_id"),
    sqlite_autoincrement=True,
)

channel_terms = Table(
    "channel_terms",
    metadata,
    Column("channel_id", KEY, ForeignKey("channel.id"), primary_key=True),
    Column("text", Boolean, nullable=False),
    Column("media", Boolean, nullable=False),
    Column("longest_ms", KEY),
    Column("download", Boolean, nullable=False),
    Column("embed", Boolean, nullable=False),
    Column("expires_days", Integer),
    Column("ground", Text),
    CheckConstraint("longest_ms IS NULL OR longest_ms > 0", name="some_length"),
)

style_rule = Table(
    "style_rule",
    metadata,
    key_column(),
    Column("kind", Text, nullable=False),
    Column("off", Text, nullable=False),
    Column("house", Text),
    Column("note", Text),
    # Empty for all languages: NULLs are all different in a unique key.
    Column("language", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    UniqueConstraint("kind", "off", "language"),
    sqlite_autoincrement=True,
)

shared_report = Table(
    "shared_report",
    metadata,
    key_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("ended_utc", Text),
    sqlite_autoincrement=True,
)
