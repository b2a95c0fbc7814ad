"""Words of Arabic and Hebrew without the particles written in one with them.

Light and conservative, for a second search field beside the words as they are: the article goes,
and the particles before it. Arabic follows the prefixes of light10 (Larkey, Ballesteros and
Connell, "Light stemming for Arabic information retrieval", 2007), but a lone wa-, fa-, bi-, li- or
ka- stays, since too many words begin with these letters, and suffixes stay. Hebrew strips he, also
behind the particles that keep it written (vav, shin, mem, kaf-shin), and vav.
"""

from __future__ import annotations

from offair.text.normalise import word_set
from offair.text.tokenise import base_language

REST_MIN = 3
"""A word that would be left shorter than this keeps its particle."""

_ARABIC = frozenset({"ar", "arz", "acm", "apc", "arb", "ary", "ajp", "afb"})
_HEBREW = frozenset({"he", "iw"})
_ARABIC_PREFIXES = (
    "وبال", "فبال", "وكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال",
)  # fmt: skip
_ARABIC_WHOLE = word_set(
    "الله اللهم والله بالله الذي التي الذين اللذان اللتان اللذين اللتين اللاتي اللواتي الي اليه "
    "اليها اليهم اليك اليكم الينا الان الاف المانيا الماني المانيه البانيا البانيه والد والده "
    "والدي والدين والدان والدته والدتي والدها والدهم والدتها والدنا والديه بالغ بالغه بالغين "
    "بالون بالكاد كالسيوم كالعاده فالنسيا"
)
_HEBREW_PREFIXES = ("וכשה", "כשה", "ושה", "ומה", "וה", "שה", "מה", "ה")
_HEBREW_WHOLE = word_set(
    "הוא היא הם הן הנה הרבה הזה הזאת האלה האם היה היתה הייתה היו היות היינו הייתי היום המון הלאה "
    "הכל הכול הגיע הגיעו הודיע הודיעה הציע הביא הביאו הסביר החליט החליטה החל התחיל הלך הלכו "
    "הפך הצליח הוסיף המשיך הראה השיג שהוא שהיא שהם שהן שהיה שהיו מהר מהיר מהירה מהלך מהפכה מהות "
    "מהומה מהימן מהנדס מהדורה שהות והוא והיא והם והן והיה והיו"
)
_VAV = "ו"
_VAV_WHOLE = word_set(
    "ועדה ועידה ועדת ועידת ויכוח ויכוחים ותיק ותיקה ותיקים ודאי ודאות ורוד ורודה וילון ורשה וטרינר "
    "וידאו ויטמין ויטמינים ווליום ולדימיר וושינגטון"
)
_VAV_REST_MIN = 4


def stripped(form: str, language: str | None) -> str:
    """A normal form without the particles before it, never empty; in other languages as it is.

    Both sides of a comparison go through it once: what is left of a stripped word may begin with
    letters that would go in their turn.
    """
    base = base_language(language)
    if base in _ARABIC:
        return _without(form, _ARABIC_PREFIXES, _ARABIC_WHOLE)
    if base in _HEBREW:
        bare = _without(form, _HEBREW_PREFIXES, _HEBREW_WHOLE)
        whole = bare != form or form in _VAV_WHOLE or form in _HEBREW_WHOLE
        if whole or not form.startswith(_VAV) or len(form) <= _VAV_REST_MIN:
            return bare
        return form[1:]
    return form


def attached(form: str, language: str | None) -> tuple[str, ...]:
    """Every normal form that `stripped` brings to the same rest as this one, this one first."""
    rest = stripped(form, language)
    tried = [rest, *(prefix + rest for prefix in _prefixes(language))]
    return tuple(dict.fromkeys([form, *(one for one in tried if stripped(one, language) == rest)]))


def _prefixes(language: str | None) -> tuple[str, ...]:
    """The particles that `stripped` may take off in a language."""
    base = base_language(language)
    if base in _ARABIC:
        return _ARABIC_PREFIXES
    return (*_HEBREW_PREFIXES, _VAV) if base in _HEBREW else ()


def _without(form: str, prefixes: tuple[str, ...], whole: frozenset[str]) -> str:
    if form in whole:
        return form
    for prefix in prefixes:
        if form.startswith(prefix) and len(form) - len(prefix) >= REST_MIN:
            return form[len(prefix) :]
    return form
