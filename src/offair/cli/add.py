"""Take in media files with their side-car files.

A side-car is a caption file of the same name beside the media file (news.mp4, news.srt,
news.pt.vtt), any caption file named on the command line whose name begins with the media file's,
or any file given with --side-car. One file refused does not stop the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, air_date, counted, emit, language, say
from offair.cli.work import run_jobs
from offair.desk import Desk
from offair.desk.accept import Accepted, accept
from offair.desk.evidence import caption_suffixes, printable
from offair.desk.recover import recover
from offair.model.errors import BadInput, OffairError
from offair.model.recording import Channel

SIDE_CAR_SUFFIXES = caption_suffixes()


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair add` takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--channel", required=True, help="the station's name")
    parser.add_argument("--country", help="the channel's country, as records print it")
    parser.add_argument(
        "--language", action="append", type=language, default=[], metavar="TAG",
        help="a language the channel broadcasts in (BCP 47); may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--aired", type=air_date, metavar="DATE",
        help="when it aired: 2021, 2021-06, 2021-06-01, 2021-06-01T19:30[:05][Z|+03:00]",
    )  # fmt: skip
    parser.add_argument("--title", help="the programme; by default the file's name")
    parser.add_argument(
        "--side-car", action="append", type=Path, default=[], metavar="FILE",
        help="a caption or other file that belongs to the one media file; may be given again",
    )  # fmt: skip
    parser.add_argument("--link", action="store_true", help="hard-link into the vault, do not copy")
    parser.add_argument("--now", action="store_true", help="hear it at once")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Take the files in; 0 where all were, else the exit code of the last one refused."""
    settings = config.load(args.config)
    channel = Channel(args.channel, country=args.country, languages=tuple(args.language))
    groups = group(args.files)
    if args.side_car:
        if len(groups) != 1:
            raise BadInput("--side-car belongs to one media file, and several were given")
        groups[0][1].extend(
            car for car in args.side_car if not any(_same(car, one) for one in groups[0][1])
        )
    failed = 0
    with wiring.open_desk(settings, notice=say) as desk:
        recover(desk)
        for path, side_cars in groups:
            try:
                accepted = accept(
                    desk, path, channel=channel, aired=args.aired, title=args.title,
                    side_cars=side_cars, link=args.link or settings.store.link, actor=actor(),
                )  # fmt: skip
            except OffairError as error:
                say(f"offair: {error}")
                if args.json:
                    emit({"event": "refused", "file": printable(path), "error": str(error)})
                failed = error.exit_code
                continue
            _tell(accepted, path, as_json=args.json, now=args.now)
        if args.now:
            failed = _work(desk, as_json=args.json) or failed
    return failed


def _work(desk: Desk, *, as_json: bool) -> int:
    with Reporter(as_json=as_json) as reporter:
        return run_jobs(desk, reporter)


def group(files: Sequence[Path]) -> list[tuple[Path, list[Path]]]:
    """Media files with their side-cars, in the order given; a side-car without its media stands
    alone, and is refused with a reason when it is taken in."""
    named = [path for path in files if path.suffix.lower() not in SIDE_CAR_SUFFIXES]
    groups: list[tuple[Path, list[Path]]] = [(path, _beside(path)) for path in dict.fromkeys(named)]
    for car in files:
        if car.suffix.lower() not in SIDE_CAR_SUFFIXES:
            continue
        owner = next((cars for path, cars in groups if _belongs(car, path)), None)
        if owner is None:
            groups.append((car, []))
        elif not any(_same(car, one) for one in owner):
            owner.append(car)
    return groups


def _beside(path: Path) -> list[Path]:
    try:
        return [
            one
            for one in sorted(path.parent.iterdir())
            if one.suffix.lower() in SIDE_CAR_SUFFIXES and _belongs(one, path) and one.is_file()
        ]
    except OSError:
        return []


def _belongs(car: Path, media: Path) -> bool:
    """Whether a side-car's name says that it is this media file's: `news.srt`, `news.pt.srt`."""
    return car.stem == media.stem or car.name.startswith(f"{media.stem}.")


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


def _tell(accepted: Accepted, path: Path, *, as_json: bool, now: bool) -> None:
    recording = accepted.recording
    if as_json:
        emit(
            {
                "event": "accepted" if accepted.new else "known", "recording": recording.id,
                "file": printable(path), "title": recording.title,
                "sha256": recording.object.sha256 if recording.object else None,
                "duration_ms": recording.media.duration_ms if recording.media else None,
                "captions": accepted.captions, "queued": accepted.queued,
                "notes": list(accepted.notes),
            }
        )  # fmt: skip
        return
    seconds = (recording.media.duration_ms if recording.media else 0) / 1000
    what = "taken in" if accepted.new else "here already"
    # At once: what follows may go to the error stream, and take long.
    print(f"recording {recording.id}: {printable(path)}, {seconds:.1f} s, {what}", flush=True)
    if accepted.captions:
        print(f"  {counted(accepted.captions, 'caption layer')} read", flush=True)
    for note in accepted.notes:
        print(f"  note: {note}", flush=True)
    if accepted.queued and not now:
        print("  waiting to be worked on (`offair work`)", flush=True)
