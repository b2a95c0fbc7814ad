"""Translate a text of a recording, sentence by sentence, into a layer beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from offair.desk import Desk
from offair.desk.evidence import language_tag
from offair.desk.translations import (
    MACHINE_NOT_CHECKED,
    ReadSentence,
    carried_attribution,
    is_placeholder,
    newer_source,
    next_run,
    original_layer,
    read_sentences,
    stale_among,
    stale_sentences,
    translations,
)
from offair.desk.turn_edit import writers
from offair.engines.translation import TranslatorCalls
from offair.model.errors import BadInput, EngineDied, NotFound, Unavailable
from offair.model.transcript import (
    Attribution,
    Engine,
    Flag,
    FlagKind,
    Layer,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    TranslationClaim,
    Turn,
)
from offair.store import Transaction
from offair.text.tokenise import base_language, tokens
from offair.text.translated import TranslatedSentence, translated_turn
from offair.text.translation_checks import doubts

SENTENCES_AT_ONCE = 16
_NO_ANSWER = "the engine gave no translation of this sentence"


@dataclass(frozen=True, slots=True)
class TranslationProgress:
    """How far a translation is, in sentences. kept: taken over from an earlier one."""

    recording_id: int
    done: int
    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation that stands. new: it was made now, not found.

    sentences: how many it has. kept: taken over from an earlier translation. as_spoken: were said
    in the language translated into. missing: have no translation. flags: doubts about it.
    """

    layer: Layer
    new: bool
    sentences: int
    kept: int
    as_spoken: int
    missing: int
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A translation from before. person: who revised it, or None where it is a machine's."""

    text: str
    person: str | None


@dataclass(slots=True)
class _Work:
    """One translation in the making. main: the language without whose engine there is none.

    texts, why, persons: by place among the sentences.
    """

    desk: Desk
    source: Layer
    main: str
    to: str
    sentences: Sequence[ReadSentence]
    languages: Sequence[str]
    progress: Callable[[TranslationProgress], None]
    texts: dict[int, str | None] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)
    persons: dict[int, str] = field(default_factory=dict)
    as_spoken: set[int] = field(default_factory=set)
    kept: int = 0
    answered: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    """Languages that cannot be translated from here, with the reason."""

    def keep(self, before: Mapping[int, _Kept], by_hash: Mapping[str, _Kept]) -> None:
        """Take over what was translated before, and what was said in the target language."""
        for place, one in enumerate(self.sentences):
            known = before.get(one.sentence.id) or by_hash.get(one.source.sha256)
            same = base_language(self.languages[place]) == base_language(self.to)
            if known is not None:
                self.texts[place] = known.text
                self.kept += 1
                if known.person is not None:
                    self.persons[place] = known.person
            elif same or not any(char.isalnum() for char in one.text):
                self.texts[place] = one.text
                if same:
                    self.as_spoken.add(place)

    def translate_rest(self, check: Callable[[], None]) -> None:
        """Translate what is left, a batch of neighbours of one language at a time."""
        self._tell()
        batch: list[int] = []
        for place in range(len(self.sentences)):
            if place in self.texts:
                continue
            full = len(batch) == SENTENCES_AT_ONCE
            if batch and (full or self.languages[batch[-1]] != self.languages[place]):
                check()
                self._translate(batch)
                batch = []
            batch.append(place)
        if batch:
            check()
            self._translate(batch)

    def _translate(self, batch: Sequence[int]) -> None:
        language = self.languages[batch[0]]
        found: dict[int, str | None] = dict.fromkeys(batch)
        if language not in self.refused:
            try:
                found = self._answers(self._engine(language), batch)
            except (BadInput, Unavailable) as error:
                if language == self.main:
                    raise
                # A few words of a third language do not stop the rest.
                self.refused[language] = f"spoken in {language}: {error}"
        if language in self.refused:
            self.why |= dict.fromkeys(batch, self.refused[language])
        self.texts |= found
        for place, text in found.items():
            if text is None:
                self.why.setdefault(place, _NO_ANSWER)
        self._tell()

    def _engine(self, language: str) -> TranslatorCalls:
        return self.desk.translator(language, self.to)

    def _answers(self, engine: TranslatorCalls, batch: Sequence[int]) -> dict[int, str | None]:
        try:
            answers = self._ask(engine, batch)
        except EngineDied as died:
            return self._one_by_one(batch, died)
        usable = (one if one is not None and one.strip() else None for one in answers)
        return dict(zip(batch, usable, strict=True))

    def _ask(self, engine: TranslatorCalls, batch: Sequence[int]) -> Sequence[str | None]:
        """What this engine said of these very sentences before, else what it says now, kept so
        that a translation which was stopped goes on where it was."""
        texts = [self.sentences[place].text for place in batch]
        key = _claim_key(engine.engine, self.languages[batch[0]], self.to, texts)
        with self.desk.catalogue.snapshot() as tx:
            known = tx.translation_claim(key)
        if known is not None:
            self.answered = True
            return known.answers
        answers = list(engine.translate(texts))
        self.answered = True
        said = [one for one in answers if one is not None and one.strip()]
        if len(said) == len(answers):  # what is missing is asked for again next time
            claim = TranslationClaim(
                key, engine.engine, self.languages[batch[0]], self.to, tuple(said)
            )
            with self.desk.catalogue.transaction() as tx:
                tx.add_translation_claim(claim)
        return answers

    def _one_by_one(self, batch: Sequence[int], died: EngineDied) -> dict[int, str | None]:
        """What can be had of a batch over which the engine died: the sentence that kills it is
        not translated, and the rest is."""
        found: dict[int, str | None] = {}
        for place in batch:
            try:
                engine = self._engine(self.languages[place])
                found[place] = self._ask(engine, [place])[0]
            except EngineDied as again:
                died = again
                found[place] = None
                self.why[place] = str(again)
        if not self.answered:
            raise died  # it is the engine that is broken, not a sentence
        return found

    def _tell(self) -> None:
        self.progress(
            TranslationProgress(
                self.source.recording_id, len(self.texts), len(self.sentences), self.kept
            )
        )


def translate(
    desk: Desk,
    recording_id: int,
    *,
    actor: str,
    layer_id: int | None = None,
    to: str | None = None,
    language: str | None = None,
    again: bool = False,
    progress: Callable[[TranslationProgress], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> Translated:
    """Translate a layer into `to`, turn by turn and sentence by sentence beside the original.

    layer_id: what to translate, by default the best text that is no translation. to: BCP 47, by
    default the desk's. language: of the original, where the layer does not say. The same text
    translated by the same engine before is found, not done again, and of a text that changed since
    only what changed is translated. again: begin from the newest translation there is, whoever's
    engine made it; its sentences whose original stands are kept, a person's revisions too, the
    others are translated, against the newest run of the original. Where every sentence of it
    stands, it is found and nothing is made.
    What the engine could not translate is a visible mark with a flag. `check` is called between
    batches and may raise to stop; finished batches are kept, and the next call goes on from there;
    `finish` is called in the transaction that keeps the layer.
    Raises `NotFound`, `BadInput` (nothing to translate, the pair is not known to the engine),
    `Unavailable` (the engine or its model).
    """
    to = _tag(to or desk.translates_to)
    with desk.catalogue.snapshot() as tx:
        base = _base(tx, recording_id, layer_id, to) if again else None
        source = (
            (newer_source(tx, base) or tx.layer(base.source_layer_id or 0))
            if base is not None
            else original_layer(tx, recording_id, layer_id, to)
        )
        source = _known_language(source, language)
        turns, sentences = read_sentences(tx, source.id)
        languages = _languages(tx, source, sentences)
        attributions = tx.attributions([turn.id for turn in turns])
    if not sentences:
        raise BadInput(f"layer {source.id} of recording {recording_id} has no words to translate")
    if all(base_language(one) == base_language(to) for one in languages):
        raise BadInput(f"layer {source.id} of recording {recording_id} is in {to} already")
    main = _main_language(source, languages, to)
    engine = desk.translator(main, to).engine
    maker = maker_of(engine)
    with desk.catalogue.snapshot() as tx:
        if base is None:
            found = _identical(tx, source, to, maker, sentences)
        else:
            found = base if _stands(tx, base, source) else None
        before, by_hash = _memory(tx, recording_id, to, maker, base)
        _, as_they_are = read_sentences(tx, found.id) if found else ((), [])
        known_flags = tuple(tx.flags(found.id)) if found else ()
    if found is not None:
        with desk.catalogue.transaction() as tx:
            finish(tx)
        missing = sum(is_placeholder(one.text) for one in as_they_are)
        total = len(as_they_are)
        return Translated(found, False, total, total, 0, missing, known_flags)
    work = _Work(desk, source, main, to, sentences, languages, progress)
    work.keep(before, by_hash)
    work.translate_rest(check)
    made = _Made(work, turns, attributions, maker, base)
    with desk.catalogue.transaction() as tx:
        result = _store(tx, made, _names(desk, tx, turns, attributions))
        # The layer is signed by the engine that made it; the log says who asked for it.
        tx.note_act(actor, "translate", "layer", result.layer.id, recording=recording_id)
        finish(tx)
    return result


def maker_of(engine: Engine) -> str:
    """Engine and model, with the first digits of the hash of its revision and settings: what a
    translation by the same engine with the same model is known by."""
    said = json.dumps([engine.revision, dict(engine.settings)], sort_keys=True)
    return f"{engine.name} {engine.model} {hashlib.sha256(said.encode('utf-8')).hexdigest()[:8]}"


def _claim_key(engine: Engine, source: str, target: str, texts: Sequence[str]) -> str:
    """By what an engine's answer to a batch is known: engine, languages, and every sentence of the
    batch in order, for an engine may read one in the light of the others."""
    said = [engine.name, engine.model, engine.revision, dict(engine.settings), source, target]
    written = json.dumps([*said, list(texts)], sort_keys=True)
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def _tag(raw: str) -> str:
    tag = language_tag(raw)
    if tag == "und":
        raise BadInput(f"{raw!r} is no language to translate into; write en, pt-BR or acm")
    return tag


def _known_language(source: Layer, language: str | None) -> Layer:
    if language is not None:
        return replace(source, language=_tag(language))
    if base_language(source.language) is None:
        raise BadInput(
            f"nobody has said in which language layer {source.id} is; say it with --language TAG"
        )
    return source


def _base(tx: Transaction, recording_id: int, layer_id: int | None, to: str) -> Layer:
    """The translation to begin from. Raises `NotFound`, `BadInput`."""
    machine = [
        one
        for one in translations(tx, recording_id, to)
        if one.origin is LayerOrigin.ENGINE and one.source_layer_id is not None
    ]
    if layer_id is not None:
        machine = [one for one in machine if layer_id in (one.id, one.source_layer_id)]
    if not machine:
        raise NotFound(
            f"recording {recording_id} has no machine translation into {to} to begin from;"
            " translate it first, without --again"
        )
    return machine[0]


def _stands(tx: Transaction, base: Layer, source: Layer) -> bool:
    """Whether a translation translates all of the original as it is now."""
    _, translated = read_sentences(tx, base.id)
    return (
        base.source_layer_id == source.id
        and not stale_among(tx, translated)
        and not any(is_placeholder(one.text) for one in translated)
    )


def _languages(tx: Transaction, source: Layer, sentences: Sequence[ReadSentence]) -> list[str]:
    """The language of each sentence: of the chunk it was heard in, else of the layer."""
    if (source.kind, source.origin) != (LayerKind.SPEECH, LayerOrigin.ENGINE):
        return [source.language] * len(sentences)
    heard = []
    for chunk in tx.chunks(source.recording_id, source.run):
        claim = tx.claim(chunk.claim_key) if chunk.claim_key and not chunk.language else None
        language = chunk.language or (claim.heard.language if claim else None)
        if base_language(language) not in (None, base_language(source.language)):
            heard.append((chunk.span, language or ""))
    result = []
    for one in sentences:
        middle = (one.span.start + one.span.end) // 2 if one.span else -1
        other = next((tag for span, tag in heard if span.start <= middle < span.end), None)
        result.append(other or source.language)
    return result


def _main_language(source: Layer, languages: Sequence[str], to: str) -> str:
    """The language whose engine the translation is named after: the layer's, or where the layer is
    in the target language itself, that of most other sentences."""
    others = [one for one in languages if base_language(one) != base_language(to)]
    if source.language in others:
        return source.language
    return max(sorted(set(others)), key=others.count)


def _identical(
    tx: Transaction, source: Layer, to: str, maker: str, sentences: Sequence[ReadSentence]
) -> Layer | None:
    """The translation of this very text by this very engine, if it was made before."""
    wanted = {one.sentence.id for one in sentences}
    for layer in translations(tx, source.recording_id, to):
        if (layer.maker, layer.source_layer_id) != (maker, source.id) or stale_sentences(tx, layer):
            continue
        _, made = read_sentences(tx, layer.id)
        sources = tx.sentence_sources([one.sentence.id for one in made])
        if wanted == {one.sentence_id for given in sources.values() for one in given}:
            return layer
    return None


def _memory(
    tx: Transaction, recording_id: int, to: str, maker: str, base: Layer | None
) -> tuple[dict[int, _Kept], dict[str, _Kept]]:
    """What was translated before: by sentence of the original, and by the hash of its text.

    Of `base`, all that still stands, a person's revisions too; without it only what this very
    engine made.
    """
    by_id: dict[int, _Kept] = {}
    by_hash: dict[str, _Kept] = {}
    layers = [base] if base else translations(tx, recording_id, to)
    for layer in layers:
        if base is None and (layer.maker, layer.origin) != (maker, LayerOrigin.ENGINE):
            continue
        turns, sentences = read_sentences(tx, layer.id)
        sources = tx.sentence_sources([one.sentence.id for one in sentences])
        stale = {one.sentence_id for one in stale_among(tx, sentences)}
        persons = writers(tx, layer, turns)
        for one in sentences:
            given = sources.get(one.sentence.id, ())
            person = persons.get(one.turn.id)
            if len(given) != 1 or is_placeholder(one.text) or (base is None and person):
                continue
            kept = _Kept(one.text, person)
            if one.sentence.id not in stale:
                by_id.setdefault(given[0].sentence_id, kept)
            by_hash.setdefault(given[0].sha256, kept)
    return by_id, by_hash


def _names(
    desk: Desk, tx: Transaction, turns: Sequence[Turn], attributions: Mapping[int, Attribution]
) -> dict[str, tuple[str, ...]]:
    """Names that the translation must keep: of who speaks, of persons the desk knows, and those it
    expects; only what is named in these turns."""
    names = {*desk.listening.names, *(one.name for one in tx.persons())}
    for one in attributions.values():
        names |= {who.name for who in (one.voice, one.author) if who and not who.withheld}
    spoken = {turn.label for turn in turns if turn.label and turn.id not in attributions}
    words = {one.form for turn in turns for one in tokens(turn.text)}
    named = {name for name in names | spoken if words.issuperset(one.form for one in tokens(name))}
    return {name: () for name in sorted(named) if len(name) > 3}


@dataclass(frozen=True, slots=True)
class _Made:
    """A finished translation on its way into the catalogue."""

    work: _Work
    turns: tuple[Turn, ...]
    attributions: Mapping[int, Attribution]
    maker: str
    base: Layer | None


def _store(tx: Transaction, made: _Made, names: Mapping[str, Sequence[str]]) -> Translated:
    work = made.work
    flags = {place: _doubts(work, place, names) for place in range(len(work.sentences))}
    per_turn: dict[int, list[int]] = {turn.id: [] for turn in made.turns}
    for place, one in enumerate(work.sentences):
        per_turn[one.turn.id].append(place)
    turns, ranges = [], []
    sources: dict[tuple[int, int], Sequence[SourceSentence]] = {}
    for ordinal, turn in enumerate(made.turns):
        places = per_turn[turn.id]
        sentences = [_sentence(work, place, bool(flags[place])) for place in places]
        new, cut = translated_turn(turn, sentences, work.to)
        turns.append(new)
        ranges.append(cut)
        for at, place in enumerate(places):
            sources[ordinal, at] = (work.sentences[place].source,)
    layer = tx.add_layer(
        recording_id=work.source.recording_id, kind=LayerKind.TRANSLATION, language=work.to,
        origin=LayerOrigin.ENGINE, maker=made.maker, run=next_run(tx, work.source.recording_id),
        turns=turns, sentences=ranges, source_layer_id=work.source.id, note=_note(made),
        sources=sources,
    )  # fmt: skip
    stored = tx.turns(layer.id)
    ids = [one.id for one in tx.sentences([turn.id for turn in stored])]
    order = [place for turn in made.turns for place in per_turn[turn.id]]
    doubted = [
        replace(flag, sentence_id=ids[at])
        for at, place in enumerate(order)
        for flag in flags[place]
    ]
    tx.add_flags(layer.id, doubted)
    tx.add_attributions(
        [
            carried_attribution(made.attributions[old.id], new.id, work.source)
            for old, new in zip(made.turns, stored, strict=True)
            if old.id in made.attributions
        ]
    )
    for new, cut, old in zip(stored, ranges, made.turns, strict=True):
        persons = [work.persons[place] for place in per_turn[old.id] if place in work.persons]
        if persons:  # the words stay a person's in the new run
            tx.revise_turn(new.id, text=new.text, words=new.words, sentences=cut, actor=persons[-1])
    missing = sum(text is None for text in work.texts.values())
    return Translated(
        layer, True, len(work.sentences), work.kept, len(work.as_spoken), missing, tuple(doubted)
    )


def _sentence(work: _Work, place: int, doubted: bool) -> TranslatedSentence:
    one = work.sentences[place]
    before = one.turn.text[: one.sentence.char_start]
    broken = "\n" in before[len(before.rstrip()) :]
    return TranslatedSentence(work.texts[place], one.span, doubted, broken)


def _doubts(work: _Work, place: int, names: Mapping[str, Sequence[str]]) -> tuple[Flag, ...]:
    one, text = work.sentences[place], work.texts[place]
    if text is None:
        return (Flag(FlagKind.SENTENCE_MISSING, one.span, work.why[place]),)
    wordless = not any(char.isalnum() for char in one.text)
    if place in work.persons or place in work.as_spoken or wordless:
        return ()
    return doubts(
        one.text, text, source=work.languages[place], target=work.to, span=one.span, names=names
    )


def _note(made: _Made) -> str:
    work = made.work
    missing = sum(text is None for text in work.texts.values())
    parts = [MACHINE_NOT_CHECKED]
    if missing:
        parts.append(f"{missing} of {len(work.sentences)} sentences not translated")
    if work.as_spoken:
        parts.append(f"{len(work.as_spoken)} sentences stand as spoken in {work.to}")
    if made.base is not None:
        parts.append(f"{work.kept} sentences kept from layer {made.base.id} ({made.base.maker})")
    return "; ".join(parts)
