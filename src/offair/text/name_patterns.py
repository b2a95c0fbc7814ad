"""Words with which broadcasters greet, thank, announce and name people, in several languages.

Names are found by their capitals, so text in one case only (`names_can_be_seen`) tells nothing;
in Arabic, which has no case, a form of address and the end of the phrase have to bound the name.
A pattern's words belong to one language only, so all are tried on every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import regex

from offair.text.normalise import word_set


class HintKind(Enum):
    """What is done with a name, and so whose it is. The value says it in a reason."""

    OWN = "gives its own name"
    THANKED = "thanked"
    GREETED = "greeted"
    ADDRESSED = "addressed"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class NamePattern:
    """One way of saying a name. Groups: `name` without its title, `title`, or `role`.

    least: how many words a name without title must have, where nobody knows it otherwise.
    """

    kind: HintKind
    pattern: regex.Pattern[str]
    least: int = 1


LONGEST_SENTENCE = 1_000
"""Characters of a sentence that are looked at; text without full stops has no end otherwise."""

_PARTICLE = (
    r"(?:van|von|de|da|do|dos|das|del|della|di|du|la|le|ten|ter|der|den|bin|ibn|bint|abu|al|el|y|e)"
)
_PART = (
    r"(?:(?:al|el|ul|ash|as|ar|az|ad|an)-)?\p{Lu}[\p{L}\p{M}'’]*+(?:-\p{L}[\p{L}\p{M}'’]*+)*+"
    r"|\p{Lu}\."
)
_NAME = rf"(?P<name>(?:{_PART})(?:\s(?:{_PARTICLE}\s){{0,2}}(?:{_PART})){{0,4}}+)"
_TITLE = (
    r"(?P<title>Mr|Mrs|Ms|Miss|Mister|Dr|Doctor|Prof|Professor|Sir|Dame|Lord|Lady|Sheikh|Imam|Rabbi"
    r"|Senator|Sen|Congressman|Congresswoman|General|Gen|Colonel|Col|Captain|Major|Admiral|Minister"
    r"|Ambassador|Governor|Mayor|Judge|Bishop|Father|Sister|President|Chancellor|Inspector|Chief"
    r"|Herr|Frau|Monsieur|Madame|Mme|Maître|[Ss]eñor|[Ss]eñora|[Ss]eñorita|[Dd]on|[Dd]oña|[Ss]ra?"
    r"|[Ss]enhor|[Ss]enhora|[Dd]ona|[Dd]outor|[Dd]outora|[Dd]ra?|[Ss]ignor|[Ss]ignora|[Dd]ottor"
    r"|[Mm]eneer|[Mm]evrouw|[Гг]осподин|[Гг]оспожа|[Пп]ан|[Пп]ані)\.?"
)
_ROLE = (
    r"(?:(?i:mr\.?|mister|madam)\s(?P<role>(?i:(?:vice[ -]|prime |foreign |deputy )?"
    r"(?:president|speaker|chairman|chairwoman|chair|secretary|ambassador|minister|mayor"
    r"|chancellor|governor|premier|general)))\b"
    r"|(?P<role>Prime Minister|Your Excellency|Ambassador|Minister|Senator|Governor|Professor)"
    r"(?=[,.?!])"
    r"|(?i:senhora?|señora?|signora?)\s(?P<role>(?i:vice-)?(?i:presidente|presidenta|ministr[oa]"
    r"|primeiro-ministro|primera ministra|primer ministro|deputad[oa]|diputad[oa]|embaixadora?"
    r"|embajadora?|alcalde|alcaldesa))\b"
    r"|(?i:monsieur le|madame la)\s(?P<role>(?i:président|présidente|ministre|premier ministre"
    r"|maire|ambassadeur|ambassadrice))\b"
    r"|(?:Herr|Frau)\s(?P<role>(?:Bundes)?(?:Präsident|Minister|Kanzler|kanzler|präsident|minister"
    r"|Botschafter|Bürgermeister)(?:in)?)\b"
    r"|(?i:господин|госпожа)\s(?P<role>(?i:президент|министр|премьер-министр|посол|губернатор))\b)"
)
_WHO = rf"(?:{_ROLE}|(?:{_TITLE}\s)?{_NAME})"
_TITLED = rf"(?:{_ROLE}|{_TITLE}\s{_NAME})"
_APPOSITION = (
    r"(?:(?:the|our|a|an|my|el|la|le|o|die|der)\s"
    r"(?:[\p{L}\p{M} '’-]{1,60}+,\s|[\p{Ll}\p{M} '’-]{1,60}\s))?"
)
_CLOSE = r"(?=\s*(?:[.,;:!?؟،—–-]|$))"

_AR_TITLE = (
    r"(?:(?:يا|السيد|السيدة|سيد|سيدة|الدكتور|الدكتورة|دكتور|دكتورة|الأستاذ|الأستاذة|أستاذ|أستاذة"
    r"|الشيخ|الزميل|الزميلة|زميلي|زميلتي)\s){1,3}"
)
_AR_ROLE = (
    r"(?:سيادة|فخامة|معالي|سعادة|دولة|السيد|سيدي)\s"
    r"(?P<role>الرئيس|الوزير|السفير|النائب|رئيس الوزراء)\b"
)
_AR_NAME = r"(?P<name>[\p{Arabic}\p{M}]{2,20}(?:\s[\p{Arabic}\p{M}]{2,20}){0,2})"
_AR_WHO = rf"(?:{_AR_ROLE}|(?P<title>{_AR_TITLE}){_AR_NAME}{_CLOSE})"


def _made(
    kind: HintKind, before: str, who: str = _WHO, after: str = "", least: int = 1
) -> NamePattern:
    return NamePattern(kind, regex.compile(before + who + after), least)


_T, _G, _A, _N, _O = (
    HintKind.THANKED,
    HintKind.GREETED,
    HintKind.ADDRESSED,
    HintKind.ANNOUNCED,
    HintKind.OWN,
)

NAME_PATTERNS: tuple[NamePattern, ...] = (
    # English
    _made(_T, r"\b(?i:thank you|thanks)(?i:\s(?:so|very) much|\sindeed|\sa lot|\sagain)?,?\s"),
    _made(_T, r"", _WHO, r",\s(?i:thank you|thanks)\b"),
    _made(_G, r"\b(?i:good (?:morning|afternoon|evening)|hello|welcome(?: back)?),?\s"),
    _made(_N, r"\b(?i:join(?:ing|s) (?:us|me)(?:\s[\p{L} ]{1,40})?,? (?:is|are))\s" + _APPOSITION),
    _made(_N,
          r"\b(?i:(?:with|alongside|beside) (?:me|us)(?:\s[\p{L} ]{1,30})?,? is)\s"
          + _APPOSITION),
    _made(_N, r"\b(?i:my (?:next |first |last )?guest(?:\s[\p{L} ]{1,20})? is)\s" + _APPOSITION),
    _made(_N, r"\b(?i:(?:joined|accompanied) (?:now |here |today |live )?by)\s" + _APPOSITION),
    _made(_N, r"\b(?i:over to you|back to you|your turn),?\s"),
    _made(_N, r"\b(?i:over to|back to|(?:go|cross|turn|speak|talk) (?:live |now )*to)\s", least=2),
    _made(_N, r"\b(?i:our (?:[\p{Ll}-]+ ){0,3}(?:correspondent|reporter|editor)),?\s", least=2),
    _made(_N, r"\b(?i:(?:this )?report (?:is )?(?:from|by))\s", least=2),
    _made(_N,
          r"",
          _WHO, r"\s(?:reports|joins (?:us|me)|is with (?:us|me)|has (?:more|the story))\b", 2),
    _made(_O, r"\b(?i:my name is|my name's)\s"),
    _made(_O, r"\b(?:I'm|I’m|I am)\s", least=2),
    _made(_O, r"\b(?i:this is)\s", _WHO, r",?\s(?:in|for|with|from|reporting|speaking)\b", 2),
    # Portuguese
    _made(_T, r"\b(?i:obrigad[oa])(?:\spel[oa]s? [\p{Ll} ]{1,30})?,?\s"),
    _made(_G, r"\b(?i:bom dia|boa tarde|boa noite|olá),?\s"),
    _made(_N, r"\b(?i:(?:connosco|conosco|comigo) está)\s" + _APPOSITION),
    _made(_N, r"\b(?i:está (?:connosco|conosco|comigo))\s" + _APPOSITION),
    _made(_N, r"\b(?i:(?:a )?reportagem (?:é )?d[eoa])\s", least=2),
    _made(_O, r"\b(?i:(?:o )?meu nome é|chamo-me|eu sou [oa]?|me chamo)\s?", least=2),
    # Spanish
    _made(_T, r"\b(?i:gracias),?\s"),
    _made(_G, r"\b(?i:buenos días|buenas tardes|buenas noches|hola),?\s"),
    _made(_N,
          r"\b(?i:(?:nos acompaña|con nosotros está|está con nosotros|informa))\s"
          + _APPOSITION),
    _made(_O, r"\b(?i:me llamo|mi nombre es)\s"),
    _made(_O, r"\b(?:[Ss]oy|[Yy]o soy)\s", least=2),
    # French
    _made(_T, r"\b(?i:merci)(?i:\s(?:beaucoup|infiniment|à vous))?,?\s"),
    _made(_G, r"\b(?i:bonjour|bonsoir|bienvenue),?\s"),
    _made(_N,
          r"\b(?i:(?:avec nous|à nos côtés|nous accueillons|nous rejoignons)),?\s"
          + _APPOSITION),
    _made(_N, r"\b(?i:(?:un |le )?reportage (?:de|signé))\s", least=2),
    _made(_O, r"\b(?i:je m'appelle|je m’appelle|mon nom est)\s"),
    _made(_O, r"\b(?i:je suis|ici)\s", least=2),
    # German writes every noun with a capital: a title, or two words before the phrase ends
    _made(_T, r"\b(?i:danke(?:schön)?|vielen dank|besten dank)(?i:\s(?:sehr|ihnen))?,?\s", _TITLED),
    _made(_T, r"\b(?i:danke(?:schön)?|vielen dank|besten dank),\s", _WHO, _CLOSE, 2),
    _made(_G, r"\b(?i:guten (?:morgen|tag|abend)|willkommen),?\s", _TITLED),
    _made(_N,
          r"\b(?i:(?:bei uns|zugeschaltet|im studio) (?:ist|sind)|es berichtet)\s",
          _WHO, _CLOSE, 2),
    _made(_O, r"\b(?i:mein name ist|ich heiße)\s"),
    # Italian and Dutch
    _made(_T, r"\b(?i:grazie(?: mille)?),?\s"),
    _made(_O, r"\b(?i:mi chiamo|il mio nome è|mijn naam is|ik heet)\s"),
    _made(_T, r"\b(?i:dank u(?: wel)?|dank je(?: wel)?|bedankt),?\s"),
    # Russian and Ukrainian: only where the name stands in the form it is listed in
    _made(_T, r"\b(?i:(?:большое )?спасибо(?:\sбольшое|\sвам)?|благодарю(?:\sвас)?|дякую),?\s"),
    _made(_G, r"\b(?i:доброе утро|добрый (?:день|вечер)|здравствуйте|добрий (?:день|вечір)),?\s"),
    _made(_N,
          r"\b(?i:(?:с нами|у нас в (?:гостях|студии)|в студии))\s(?:[\p{Ll}\p{M} -]{1,60},?\s)?",
          least=2),
    _made(_O, r"\b(?i:меня зовут|мене звати)\s"),
    # Arabic: bounded by a form of address and the end of the phrase
    _made(_T, r"(?:شكرا|شكراً|شكرًا)(?:\s(?:جزيلا|جزيلاً|جزيلًا|لك|لكم|لكِ)){0,2}[،,]?\s", _AR_WHO),
    _made(_G, r"(?:مرحبا|مرحباً|أهلا|أهلاً|صباح الخير|مساء الخير)(?:\s(?:بك|بكم))?[،,]?\s", _AR_WHO),
    _made(_N, r"(?:ضيفنا|ضيفتنا|ضيفي|معنا|ينضم إلينا|تنضم إلينا|مراسلنا|مراسلتنا)[،,]?\s", _AR_WHO),
    # Forms of address last: a name is taken for the first thing that is done with it
    _made(_A, r"(?:^|,\s)(?:(?i:and|but|so|now|well|ok|right|yes|no),?\s)?", _TITLED, r",\s"),
    _made(_A, r"^(?:(?i:and|but|so|now|well|right),?\s)?", _WHO, r",\s.*\?", 2),
    _made(_A, r"(?<!\p{Lu}[\p{L}\p{M}]{0,30}),\s", _WHO, r"\s*[?!.]$"),
    _made(_A, r"^", _AR_WHO),
)  # fmt: skip

NOT_NAMES = word_set(
    "i we you he she it they and but so the this that what who why how when where which now well "
    "yes no ok okay let good god please thank thanks sir madam ladies gentlemen everyone everybody "
    "all monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december today tomorrow mr mrs ms dr in on at to "
    "for of is are was my our your his her deus dios dieu gott allah herr frau madame monsieur "
    "señor señora senhor senhora sie ihnen ich wir da und aber also ja nein mit nous vous mais et "
    "oui non"
)
"""Words with a capital that begin no name, lower case."""

NO_PERSON = word_set(
    "reporter anchor announcer narrator man woman boy girl host guest interviewer presenter "
    "speaker president translator interpreter correspondent moderator minister crowd audience all "
    "male female voice caller analyst both"
)
"""Caption labels made of these name nobody, lower case."""

TITLE_RE = regex.compile(rf"(?i:{_TITLE})\s+")


def names_can_be_seen(text: str) -> bool:
    """Whether capitals tell names from other words: not in text of one case."""
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    return upper + lower == 0 or (upper > 0 and lower > upper)
