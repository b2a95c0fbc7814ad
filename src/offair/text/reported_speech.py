"""Where a speaker gives what somebody else said or wrote, and what he or she makes of it. English.

`reports` is all that a bare cue shows. A speaker adopts or disputes what is given by an adverb at
the cue (`rightly said`, `falsely claims`), or by the sentence that follows it (`Indeed, we have
that now`; `That is a lie`). A cue that itself doubts (`claims`, `alleges`), a hedge after it, or
signs of both leave it `unclear`. Nothing here says that the source really said so.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from offair.model.clip_work import ReportedSpeech, Stance
from offair.text.sentences import sentences
from offair.text.tokenise import base_language

MOST_INNER = 3
"""Sources inside sources that are told apart."""
_FOLLOWING = 2
"""Sentences after it, of the same turn, that may show the stance."""

_LONGEST = 2_000
"""Characters of what is taken for a sentence."""

_VERBS = (
    "said|says|saying|told|tells|mentioned|mentions|reported|reports|wrote|writes|stated|states|"
    "announced|announces|declared|declares|argued|argues|noted|notes|warned|warns|admitted|admits|"
    "acknowledged|acknowledges|confirmed|confirms|revealed|reveals|published|insisted|insists|"
    "claimed|claims|alleged|alleges|denied|denies|suggested|suggests|promised|threatened|testified|"
    "tweeted|asserted|asserts|predicted|predicts|explained|explains|say|tell|report|write|claim|"
    "allege|argue|insist|deny|warn"
)
_DOUBTING = regex.compile(r"(?i)\b(?:claim|alleg|pretend|purport|so-called)")
_WELL = r"(?:rightly|correctly|truthfully|accurately|honestly|wisely|truly)"
_BADLY = r"(?:falsely|wrongly|mistakenly|incorrectly|dishonestly|absurdly|ridiculously)"
_ADVERB = r"(?:also|once|then|has|have|had|even|just|already|recently|always|often|again|later|now)"
_NAME = (
    r"(?-i:(?:[Tt]he\s+)?\p{Lu}[\p{L}\p{M}.’'&-]*"
    r"(?:\s+(?:of|for|and|the|de|al|bin|ibn)(?=\s+\p{Lu})|\s+\p{Lu}[\p{L}\p{M}.’'&-]*){0,7})"
)
_SOMEBODY = (
    r"(?:(?:the|an?|some|many|several|our|their|his|her|these|those|certain)\s+"
    r"(?:\p{L}[\p{L}’'-]*\s+){0,3}(?:media|press|papers?|newspapers?|reporters?|journalists?|"
    r"ministers?|officials?|spokes(?:man|woman|person)|presidents?|ministry|government|generals?|"
    r"experts?|analysts?|people|sources?|reports?|polls?|study|studies|critics?|opposition|"
    r"ambassadors?|leaders?|army|police|report|article|friends?|enem(?:y|ies)|americans?|israelis?|"
    r"mayor|governor|senators?|court|judges?|witness(?:es)?|doctors?|scientists?|chairman|director))"
)
_PERSON = r"(?:he|she|they|somebody|someone|people|everybody|everyone|others|some|many)"
_NOBODY = (
    r"(?!(?:i|we|you|it|this|that|what|who|which|and|but|so|when|if|as|because|yes|no|well|then"
    r"|now)\b)"
)
"""First persons, and words that have their capital from the beginning of the sentence."""
_WHERE = r"(?:\s+(?:in|on|from|of|at)\s+(?:\p{L}+\s+){0,3}\p{L}+)?"
_SOURCE = rf"{_NOBODY}(?P<source>{_NAME}|{_SOMEBODY}{_WHERE}|{_PERSON}{_WHERE})"
_TO = r"(?:\s+(?:to\s+)?(?:me|us|him|her|them|you|reporters|(?:the\s+)?(?-i:\p{Lu})\p{L}+))?"
_HOW = rf"(?:(?:{_ADVERB}|{_WELL}|{_BADLY})\s+)*"
_CONTENT = r"(?P<content>\S[^\n]{2,})"
_BEGINS = (
    r"(?:\s+(?:that|how)\b|\s*[,:]\s*(?=[“\"‘'\p{Lu}])"
    r"|(?=\s+(?:the|there|it|he|she|they|we|our|their)\b))"
)

_CUES = (
    regex.compile(
        rf"(?i)(?<![\p{{L}}’'])(?P<all>{_SOURCE}(?:,\s+[^,.;]{{2,40}},)?\s+"
        rf"(?P<cue>{_HOW}(?:{_VERBS}){_TO}{_BEGINS})\s*){_CONTENT}"
    ),
    regex.compile(rf"(?i)(?P<all>\b(?P<cue>according\s+to)\s+{_SOURCE},?\s+){_CONTENT}"),
    regex.compile(
        rf"(?i)(?P<all>\b(?P<cue>as)\s+{_SOURCE}\s+(?P<verb>{_HOW}(?:{_VERBS}|puts?\s+it)){_TO}"
        rf",\s+){_CONTENT}"
    ),
)
"""The cue before the content."""
_BEFORE = r"^(?P<content>\S[^\n]*?)"
_CUES_AFTER = (
    regex.compile(rf"(?i){_BEFORE},?\s+(?P<cue>according\s+to)\s+{_SOURCE}\s*[.!?]*$"),
    regex.compile(
        rf"(?i){_BEFORE}\s+(?P<cue>(?:(?:that|which|as)\s+)?"
        r"(?:(?:was|were|is|are|has\s+been|have\s+been|been)\s+)?"
        r"(?:mentioned|reported|quoted|published|revealed|announced|claimed|alleged)\s+(?:by|in))"
        rf"\s+{_SOURCE}\s*[.!?]*$"
    ),
    regex.compile(rf"(?i){_BEFORE},\s+{_SOURCE}\s+(?P<cue>(?:{_VERBS}))\s*[.!?]*$"),
)
"""The cue after it; the source ends the sentence."""

_THAT_IS = (
    r"^(?:but\s+|and\s+|well,?\s+)*(?:(?:that|this|it)(?:\s+is|['’]s|\s+was)"
    r"|(?:he|she|they)(?:\s+(?:is|are|was|were)|['’](?:s|re)))\s+"
)
_YES = (
    regex.compile(
        r"(?i)^(?:and\s+|well,?\s+|yes,?\s+)*(?:indeed|exactly|absolutely|precisely|correct|yes"
        r"|of\s+course|certainly|true)\b[,.!]?"
    ),
    regex.compile(
        rf"(?i){_THAT_IS}(?:absolutely\s+|quite\s+|indeed\s+|perfectly\s+|all\s+|completely\s+)?"
        r"(?:true|right|correct|a\s+fact|accurate|the\s+truth|so)\b"
    ),
    regex.compile(
        r"(?i)^(?:and\s+)?(?:i|we)\s+(?:fully\s+|completely\s+)?(?:agree|confirm|share\s+this)\b"
    ),
)
_NO = (
    regex.compile(
        r"(?i)^(?:but\s+|well,?\s+)*(?:no|nonsense|wrong|false|rubbish|lies|not\s+at\s+all"
        r"|not\s+true)\b[,.!]?"
    ),
    regex.compile(
        rf"(?i){_THAT_IS}(?:absolutely\s+|simply\s+|just\s+|all\s+|completely\s+|totally\s+"
        r"|a\s+complete\s+|a\s+)*(?:not\s+(?:true|right|correct|so|the\s+case|accurate)|false"
        r"|untrue|wrong|lies?|lying|nonsense|ridiculous|absurd|fabricat\w+|baseless|propaganda"
        r"|mistaken)\b"
    ),
    regex.compile(
        r"(?i)^(?:but\s+|and\s+)?(?:that|this|it)\s+(?:isn|wasn)['’]t\s+"
        r"(?:true|right|correct|so|the\s+case)\b"
    ),
    regex.compile(
        r"(?i)^(?:but\s+|and\s+)?(?:i|we)\s+(?:categorically\s+|completely\s+|totally\s+|strongly\s+)?"
        r"(?:deny|reject|dispute|refute|disagree|do(?:\s+not|n['’]t)\s+(?:believe|accept|agree))\b"
    ),
)
_HEDGE = regex.compile(
    r"(?i)^(?:but\s+|and\s+|well,?\s+)*(?:maybe|perhaps|possibly|who\s+knows|it\s+may\s+be"
    r"|(?:i|we)\s+(?:do(?:\s+not|n['’]t)|can(?:not|['’]t))\s+(?:know|say|confirm|comment)"
    r"|(?:that|it)\s+is\s+not\s+clear)\b"
)


def reported_speech(
    turn_id: int, text: str, language: str | None = None
) -> tuple[ReportedSpeech, ...]:
    """Every place in a turn where somebody else's words are given, in order; the outermost, each
    with those inside it. Empty in languages other than English.

    A first person's own earlier words (`I said that …`) are nobody else's.
    """
    if base_language(language) not in {None, "en"}:
        return ()
    ranges = sentences(text, language)
    given = [_in_sentence(turn_id, text, start, end, MOST_INNER) for start, end in ranges]
    found: list[ReportedSpeech] = []
    for place, one in enumerate(given):
        if one is None:
            continue
        # What follows the next report is about that one.
        stop = next((at for at in range(place + 1, len(given)) if given[at]), len(given))
        last = min(stop, place + 1 + _FOLLOWING)
        found.append(_with_stance(one, [text[slice(*each)] for each in ranges[place + 1 : last]]))
    return tuple(found)


def _in_sentence(
    turn_id: int, text: str, start: int, end: int, depth: int
) -> ReportedSpeech | None:
    if end - start > _LONGEST:
        return None
    matches = [one for pattern in _CUES for one in pattern.finditer(text, start, end)]
    if matches:
        match = min(matches, key=lambda one: (one.start(), -one.end("all")))
        first = match.start()
        content = match.span("content")
    else:
        sentence = text[start:end]
        later = [one for pattern in _CUES_AFTER if (one := pattern.match(sentence)) is not None]
        if not later:
            return None
        match = later[0]
        first = start
        content = (start + match.start("content"), start + match.end("content"))
    inner = _in_sentence(turn_id, text, *content, depth - 1) if depth > 1 else None
    return ReportedSpeech(
        turn_id=turn_id,
        char_start=first,
        char_end=end,
        cue=_cue(match),
        source=" ".join(match["source"].split()).rstrip("."),
        content=text[slice(*content)].strip(),
        inner=inner,
    )


def _cue(match: regex.Match[str]) -> str:
    """The words of the cue, without the source where that stands among them."""
    cue = " ".join(match["cue"].split()).rstrip(" ,:")
    verb = match.groupdict().get("verb")
    return f"{cue} … {' '.join(verb.split())}" if verb else cue


def _with_stance(one: ReportedSpeech, after: Sequence[str]) -> ReportedSpeech:
    """The same with the speaker's stance; to every link of the chain what is shown behind it all
    belongs to the outermost."""
    inner = None if one.inner is None else _with_stance(one.inner, ())
    stance, shown = _shown(one, after)
    return ReportedSpeech(
        one.turn_id, one.char_start, one.char_end, one.cue, one.source, one.content, stance, shown,
        inner,
    )  # fmt: skip


def _shown(one: ReportedSpeech, after: Sequence[str]) -> tuple[Stance, str | None]:
    signs: list[tuple[Stance, str]] = []
    for pattern, stance in ((_WELL, Stance.ADOPTS), (_BADLY, Stance.DISPUTES)):
        match = regex.search(rf"(?i)\b{pattern}\b", one.cue)
        if match is not None:
            signs.append((stance, match.group()))
    hedged: str | None = None
    for sentence in after:
        said = sentence.strip().strip("“”\"'‘’")
        if any(pattern.match(said) for pattern in _NO):
            signs.append((Stance.DISPUTES, sentence.strip()))
        elif any(pattern.match(said) for pattern in _YES):
            signs.append((Stance.ADOPTS, sentence.strip()))
        elif hedged is None and _HEDGE.match(said):
            hedged = sentence.strip()
        if signs or hedged:
            break
    stances = {stance for stance, _ in signs}
    if len(stances) > 1:
        return Stance.UNCLEAR, "; ".join(words for _, words in signs)
    if signs:
        return signs[-1]
    if hedged is not None:
        return Stance.UNCLEAR, hedged
    if _DOUBTING.search(one.cue):
        return Stance.UNCLEAR, one.cue
    return Stance.REPORTS, None
