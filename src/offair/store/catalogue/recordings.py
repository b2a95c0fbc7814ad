"""Channels, recordings, their gaps, and the vault objects that rows refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, exists, func, literal, or_, select

from offair.model.errors import BadInput, Conflict, Corrupt, NotFound
from offair.model.recording import Channel, Gap, Held, MediaFacts, Recording, VaultObject
from offair.model.time import PartialDate, Span
from offair.store.catalogue import tables
from offair.store.catalogue.columns import (
    now_utc,
    read_date,
    read_json,
    read_media,
    write_date,
    write_json,
    write_media,
)
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.rows import Rows

_c, _r, _o = tables.channel.c, tables.recording.c, tables.vault_object.c
_g = tables.gap.c


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        name=row.name,
        country=row.country,
        zone=row.zone,
        languages=tuple(read_json(row.languages)),
        stream_address=row.stream_address,
        rights=row.rights,
        id=row.id,
    )


def _select_recordings() -> Select[Any]:
    channel = tables.channel
    return (
        select(
            tables.recording,
            _o.size_bytes,
            *(
                column.label(f"channel_{column.name}")
                for column in channel.c
                if column.name != "id"
            ),
        )
        .join(channel, _c.id == _r.channel_id)
        .outerjoin(tables.vault_object, _o.sha256 == _r.object_sha256)
    )


_IDS: BindParameter[int] = bindparam(IDS, expanding=True)
_GAPS = Prepared(
    select(_g.recording_id, _g.start_ms, _g.end_ms, _g.reason)
    .where(_g.recording_id.in_(_IDS))
    .order_by(_g.start_ms, _g.id),
    by_ids=True,
)
_BY_ID = Prepared(
    _select_recordings()
    .add_columns(exists().where(_g.recording_id == _r.id).label("has_gaps"))
    .where(_r.id.in_(_IDS)),
    by_ids=True,
)


def _recording(row: Any, gaps: tuple[Gap, ...]) -> Recording:
    channel = Channel(
        name=row.channel_name,
        country=row.channel_country,
        zone=row.channel_zone,
        languages=tuple(read_json(row.channel_languages)),
        stream_address=row.channel_stream_address,
        rights=row.channel_rights,
        id=row.channel_id,
    )
    object = None
    if row.object_sha256 is not None:
        object = VaultObject(row.object_sha256, row.size_bytes, row.object_name)
    return Recording(
        id=row.id,
        channel=channel,
        aired=read_date(row.aired_value, row.aired_precision, row.aired_kind, row.aired_zone),
        title=row.title,
        held=Held(row.held),
        object=object,
        media=None if row.media is None else read_media(row.media),
        added_utc=row.added_utc,
        added_by=row.added_by,
        gaps=gaps,
        quarantine=row.quarantine,
    )


class RecordingRows(Rows):
    """The part of a transaction that holds channels, recordings and attached objects."""

    def ensure_channel(self, channel: Channel) -> Channel:
        """The channel of that name; made where there is none, fields filled where they were empty.

        Raises `BadInput` where the name is empty.
        """
        if not channel.name.strip():
            raise BadInput("a channel needs a name; give the station's name")
        given = {
            "country": channel.country,
            "zone": channel.zone,
            "languages": write_json(list(channel.languages)),
            "stream_address": channel.stream_address,
            "rights": channel.rights,
        }
        self._insert_once(tables.channel, {"name": channel.name, **given})
        known = _channel(self._run(select(tables.channel).where(_c.name == channel.name)).one())
        fill = {
            name: value
            for name, value in given.items()
            if not getattr(known, name) and getattr(channel, name)
        }
        if not fill:
            return known
        self._run(tables.channel.update().where(_c.id == known.id), fill)
        return _channel(self._run(select(tables.channel).where(_c.id == known.id)).one())

    def change_channel(self, channel: Channel) -> Channel:
        """Write all fields of the channel of that name anew. Raises `NotFound`."""
        values = {
            "country": channel.country,
            "zone": channel.zone,
            "languages": write_json(list(channel.languages)),
            "stream_address": channel.stream_address,
            "rights": channel.rights,
        }
        named = _c.name == channel.name
        if self._run(tables.channel.update().where(named), values).rowcount == 0:
            raise NotFound(
                f"the desk has no channel {channel.name!r}; take in a recording of it first"
            )
        return _channel(self._run(select(tables.channel).where(named)).one())

    def channels(self) -> Sequence[Channel]:
        """Every channel, by name."""
        return [_channel(row) for row in self._run(select(tables.channel).order_by(_c.name))]

    def find_recording(
        self, *, sha256: str, channel_id: int, aired: PartialDate | None
    ) -> Recording | None:
        """The recording with this identity, if the desk has it."""
        statement = _select_recordings().where(
            _r.object_sha256 == sha256,
            _r.channel_id == channel_id,
            *(_r[name] == value for name, value in write_date(aired).items()),
        )
        found = self._recordings(statement)
        return found[0] if found else None

    def add_recording(
        self,
        *,
        channel: Channel,
        aired: PartialDate | None,
        title: str,
        held: Held,
        object: VaultObject | None,
        media: MediaFacts | None,
        actor: str,
        gaps: Sequence[Gap] = (),
    ) -> Recording:
        """A new recording with its vault object's row. Raises `Conflict` where it exists.

        A recording without an object (never held) has no identity to conflict with.
        """
        channel = self.ensure_channel(channel)
        if object is not None and channel.id is not None:
            known = self.find_recording(sha256=object.sha256, channel_id=channel.id, aired=aired)
            if known is not None:
                raise Conflict(
                    f"these bytes are recording {known.id} already ({channel.name}, "
                    f"{aired or 'airing unknown'}); name another channel or airing to "
                    "add them again"
                )
            self._ensure_object(object)
        recording_id = self._insert(
            tables.recording,
            {
                "channel_id": channel.id,
                "object_sha256": None if object is None else object.sha256,
                "object_name": None if object is None else object.name,
                **write_date(aired),
                "title": title,
                "held": held.value,
                "media": None if media is None else write_media(media),
                "duration_ms": None if media is None else media.duration_ms,
                "added_utc": now_utc(),
                "added_by": actor,
            },
        )
        if gaps:
            self._run(
                tables.gap.insert(),
                [
                    {
                        "recording_id": recording_id,
                        "start_ms": one.span.start,
                        "end_ms": one.span.end,
                        "reason": one.reason,
                    }
                    for one in gaps
                ],
            )
        return self.recording(recording_id)

    def recording(self, recording_id: int) -> Recording:
        """One recording. Raises `NotFound`."""
        found = self._recordings(_select_recordings().where(_r.id == recording_id))
        if not found:
            raise NotFound(
                f"the desk has no recording {recording_id}; list them to find its number"
            )
        return found[0]

    def recordings_by_id(self, recording_ids: Sequence[int]) -> Mapping[int, Recording]:
        """These recordings; an id that names none is left out."""
        rows = self._read_by_ids(_BY_ID, recording_ids)
        with_gaps = [row.id for row in rows if row.has_gaps]
        return {one.id: one for one in self._with_gaps(rows, with_gaps)}

    def recordings(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Recording]:
        """Newest first; with `before_id`, those older than that one."""
        statement = _select_recordings().order_by(_r.id.desc()).limit(limit)
        if before_id is not None:
            statement = statement.where(_r.id < before_id)
        return self._recordings(statement)

    def recordings_aired(self, first_day: str, last_day: str) -> Sequence[Recording]:
        """Recordings whose airing is known to the day at least and lies in the range (`YYYY-MM-DD`,
        both included), by channel and airing."""
        days = func.substr(_r.aired_value, 1, 10)
        statement = _select_recordings().where(
            func.length(_r.aired_value) >= 10, days >= first_day, days <= last_day
        )
        return self._recordings(statement.order_by(tables.channel.c.name, _r.aired_value, _r.id))

    def newest_day(self) -> str | None:
        """The newest day (`YYYY-MM-DD`) on which a recording was aired, None where none is
        known."""
        days = func.substr(_r.aired_value, 1, 10)
        asked = select(func.max(days)).where(func.length(_r.aired_value) >= 10)
        found = self._run(asked).scalar()
        return None if found is None else str(found)

    def quarantine_recording(self, recording_id: int, reason: str | None) -> None:
        """Its media is not to be touched again, for this reason; None lifts the quarantine.

        Raises `NotFound`."""
        self.recording(recording_id)
        update = tables.recording.update().where(_r.id == recording_id)
        self._run(update, {"quarantine": reason})

    def attach_object(self, recording_id: int, role: str, object: VaultObject) -> None:
        """Link further bytes to a recording: `side-car`, `proxy`. Idempotent. Raises `NotFound`."""
        self.recording(recording_id)
        self._ensure_object(object)
        self._insert_once(
            tables.attachment,
            {
                "recording_id": recording_id,
                "role": role,
                "object_sha256": object.sha256,
                "object_name": object.name,
                "added_utc": now_utc(),
            },
        )

    def attached(
        self, recording_id: int, role: str | None = None
    ) -> Sequence[tuple[str, VaultObject]]:
        """(role, object) of what is attached to a recording, oldest first."""
        a = tables.attachment.c
        statement = (
            select(a.role, a.object_sha256, a.object_name, _o.size_bytes)
            .join(tables.vault_object, _o.sha256 == a.object_sha256)
            .where(a.recording_id == recording_id)
            .order_by(a.id)
        )
        if role is not None:
            statement = statement.where(a.role == role)
        return [
            (row.role, VaultObject(row.object_sha256, row.size_bytes, row.object_name))
            for row in self._run(statement)
        ]

    def object_referred(self, sha256: str) -> bool:
        """Whether any row refers to these bytes (recording, attachment, record file)."""
        holders = (tables.recording, tables.attachment, tables.edition_object)
        found = or_(
            *(exists(select(literal(1)).where(one.c.object_sha256 == sha256)) for one in holders)
        )
        return bool(self._run(select(found)).scalar())

    def object_quarantined(self, sha256: str) -> bool:
        """Whether a recording of these very bytes stands in quarantine."""
        found = exists().where(_r.object_sha256 == sha256, _r.quarantine.is_not(None))
        return bool(self._run(select(found)).scalar())

    def object_named(self, sha256: str) -> VaultObject:
        """The vault object's row, with the first name it came with. Raises `NotFound`."""
        row = self._run(select(tables.vault_object).where(_o.sha256 == sha256)).one_or_none()
        if row is None:
            raise NotFound(f"the catalogue knows no object {sha256!r}")
        return VaultObject(row.sha256, row.size_bytes, row.name)

    def _ensure_object(self, object: VaultObject) -> None:
        values = {
            "sha256": object.sha256,
            "size_bytes": object.size_bytes,
            "name": object.name,
            "added_utc": now_utc(),
        }
        if self._insert_once(tables.vault_object, values):
            return
        known = self.object_named(object.sha256)
        if known.size_bytes != object.size_bytes:
            raise Corrupt(
                f"object {object.sha256} has {object.size_bytes} bytes, and {known.size_bytes} in "
                "the catalogue; verify the vault"
            )

    def _recordings(self, statement: Select[Any]) -> list[Recording]:
        rows = self._run(statement).all()
        return self._with_gaps(rows, [row.id for row in rows])

    def _with_gaps(self, rows: Sequence[Any], ids: Sequence[int]) -> list[Recording]:
        """Recordings of these rows. ids: of those that may have gaps."""
        gaps: dict[int, list[Gap]] = {}
        for row in self._read_by_ids(_GAPS, ids):
            gap = Gap(Span(row.start_ms, row.end_ms), row.reason)
            gaps.setdefault(row.recording_id, []).append(gap)
        return [_recording(row, tuple(gaps.get(row.id, ()))) for row in rows]
