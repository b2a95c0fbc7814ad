"""Which words carry weight: the classes of words whose change alters what was said.

Tables for English, and shorter ones for French, Spanish, Portuguese, German and Arabic, all of
normal forms (`normalise.fold`); those of `critical_words` for thirteen more,
and of words that negate for eighteen others. In another language
only numbers, units written as signs, names and content can be told; `told_classes` says which
classes a language's words tell.
"""

from __future__ import annotations

from collections.abc import Mapping

from offair.model.finding import CRITICAL, EditClass
from offair.text.critical_words import CRITICAL_WORDS, FUNCTION_WORDS, NEGATING, TOLD_IN_PART
from offair.text.normalise import word_set
from offair.text.tokenise import Token, TokenKind, base_language

_AUXILIARIES = ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had")
_MODALS = ("could", "would", "should", "must", "need", "might", "dare")
_NT = {
    **{f"{verb}nt": (verb, "not") for verb in _AUXILIARIES},
    **{f"{verb}nt": (verb, "not") for verb in _MODALS},
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "shant": ("shall", "not"),
}
_SUBJECTS = ("i", "you", "he", "she", "it", "we", "they", "that", "there", "what", "who", "where")
_CONTRACTED: dict[str, tuple[tuple[str, ...], ...]] = {
    **{form: (full,) for form, full in _NT.items()},
    "im": (("i", "am"),),
    "youre": (("you", "are"),),
    "were": (("we", "are"),),
    "theyre": (("they", "are"),),
    **{f"{one}ve": ((one, "have"),) for one in ("i", "you", "we", "they")},
    **{f"{one}ll": ((one, "will"), (one, "shall")) for one in _SUBJECTS},
    **{f"{one}d": ((one, "would"), (one, "had"), (one, "did")) for one in _SUBJECTS},
    **{
        f"{one}s": ((one, "is"), (one, "has")) for one in _SUBJECTS if one not in ("i", "you", "we")
    },
    **{f"{verb}ve": ((verb, "have"),) for verb in ("could", "would", "should", "might", "must")},
    "lets": (("let", "us"),),
    "gonna": (("going", "to"),),
    "wanna": (("want", "to"),),
    "gotta": (("got", "to"),),
    "yall": (("you", "all"),),
    "cause": (("because",),),
    "cos": (("because",),),
    "ok": (("okay",),),
    "til": (("until",),),
    "till": (("until",),),
}
_CONTRACTED |= {
    "km": (("kilometres",), ("kilometers",), ("kilometre",), ("kilometer",)),
    "m": (("metres",), ("meters",), ("metre",), ("meter",)),
    "kg": (("kilograms",), ("kilogram",), ("kilos",), ("kilo",)),
    "cm": (("centimetres",), ("centimeters",), ("centimetre",), ("centimeter",)),
    "mph": (("miles", "per", "hour"), ("miles", "an", "hour")),
    "mr": (("mister",),),
    "us": (("united", "states"),),
    "uk": (("united", "kingdom"),),
    "un": (("united", "nations"),),
    "eu": (("european", "union"),),
    "dr": (("doctor",),),
}
_CONTRACTED["cant"] = (("can", "not"), ("cannot",))

_ENGLISH_UNITS = (
    "percent pct percentage per cent dollar dollars euro euros pound pounds sterling cents pence "
    "rupee rupees yen yuan ruble rubles rouble roubles dinar dinars shekel shekels franc francs "
    "metre metres meter meters kilometre kilometres kilometer kilometers km cm mm mile miles foot "
    "feet inch inches yard yards acre acres hectare hectares second seconds minute minutes hour "
    "hours day days week weeks month months year years decade decades century centuries kg kilo "
    "kilos kilogram kilograms gram grams ton tons tonne tonnes ounce ounces litre litres liter "
    "liters gallon gallons barrel barrels degree degrees celsius fahrenheit mph watt watts "
    "kilowatt kilowatts megawatt megawatts gigawatt gigawatts volt volts am pm oclock usd eur gbp"
)
_COUNTRIES = (
    "afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain "
    "bangladesh belarus belgium belize benin bhutan bolivia bosnia botswana brazil britain brunei "
    "bulgaria burundi cambodia cameroon canada chile colombia congo croatia cuba cyprus czechia "
    "denmark ecuador egypt england eritrea estonia eswatini ethiopia fiji finland france gabon "
    "gambia gaza germany ghana greece grenada guatemala guinea guyana haiti honduras hungary "
    "iceland india indonesia iran iraq ireland israel italy jamaica japan kazakhstan kenya korea "
    "kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania "
    "luxembourg madagascar malawi malaysia maldives mali malta mauritania mauritius mexico moldova "
    "monaco mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua "
    "niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal "
    "qatar romania russia rwanda samoa scotland senegal serbia singapore slovakia slovenia somalia "
    "spain sudan suriname sweden switzerland syria taiwan tajikistan tanzania thailand tibet togo "
    "tunisia turkmenistan uganda ukraine uruguay uzbekistan vatican venezuela vietnam wales yemen "
    "zambia zimbabwe afghan american argentine australian austrian belgian brazilian british "
    "canadian chinese colombian cuban danish dutch egyptian ethiopian european french german greek "
    "hungarian indian indonesian iranian iraqi irish israeli italian japanese jordanian korean "
    "kuwaiti lebanese libyan mexican nigerian nigerien norwegian pakistani palestinian portuguese "
    "romanian russian rwandan saudi scottish serbian slovak slovene slovenian somali spanish "
    "sudanese swedish swiss syrian taiwanese thai tunisian turkish ukrainian venezuelan vietnamese "
    "welsh yemeni"
)
"""Countries and who is of them, as they begin a sentence too, where no capital tells a name."""
_SIX: Mapping[str, Mapping[EditClass, frozenset[str]]] = {
    "en": {
        EditClass.NEGATION: word_set(
            "no not never none nobody noone nothing neither nor nowhere without nay nope non "
            "hardly barely scarcely aint lack lacks lacked"
        )
        | frozenset(_NT),
        EditClass.NAME: word_set(_COUNTRIES),
        EditClass.UNIT: word_set(_ENGLISH_UNITS),
        EditClass.MODALITY: word_set(
            "can could may might must shall should will would ought need dare perhaps maybe "
            "probably possibly likely unlikely certainly surely supposedly seemingly apparently"
        ),
        EditClass.CONDITION: word_set(
            "if unless provided providing whether otherwise supposing assuming lest until"
        ),
        EditClass.EXCEPTION: word_set("except excepting excluding apart besides barring excluded"),
        EditClass.ATTRIBUTION: word_set(
            "said says say saying told tells tell claim claims claimed alleged alleges allegedly "
            "reportedly reported reports according quote unquote quoted quotes argued argues "
            "believe believes believed think thinks thought"
        ),
        EditClass.QUANTIFIER: word_set(
            "all every each any some many much most few fewer less least more several both half "
            "always often sometimes rarely seldom only almost nearly approximately roughly about "
            "everyone everybody everything anyone anybody anything someone somebody entire whole "
            "enough majority minority dozen dozens hundreds thousands millions billions"
        ),
    },
    "fr": {
        EditClass.NEGATION: word_set(
            "ne n pas jamais rien personne aucun aucune ni sans non nul nulle guere nullement "
            "nulle aucunement"
        ),
        EditClass.UNIT: word_set("pour cent dollars euros heures jours mois ans annees km metres"),
        EditClass.MODALITY: word_set(
            "peut peux peuvent pouvons pouvez pouvait pourrait pourraient pourra pourront doit "
            "dois doivent devons devez devait devrait devraient devra devront faut faudrait "
            "peutetre probablement certainement surement"
        ),
        EditClass.CONDITION: word_set("si sinon pourvu"),
        EditClass.EXCEPTION: word_set("sauf excepte hormis"),
        EditClass.ATTRIBUTION: word_set("dit disait selon affirme declare pretend crois pense"),
        EditClass.QUANTIFIER: word_set(
            "tout tous toute toutes chaque quelques plusieurs beaucoup peu moins plus toujours "
            "certains certaines plupart majorite minorite seulement presque souvent parfois "
            "rarement moitie tiers quart double triple"
        ),
    },
    "es": {
        EditClass.NEGATION: word_set(
            "no nunca jamas nada nadie ningun ninguno ninguna ni sin tampoco apenas"
        ),
        EditClass.UNIT: word_set("ciento dolares euros horas dias semanas meses anos km metros"),
        EditClass.MODALITY: word_set(
            "puede pueden puedo podemos podria podrian podriamos podra podran debe deben debo "
            "debemos deberia deberian deberiamos quiza quizas tal vez probablemente seguramente"
        ),
        EditClass.CONDITION: word_set("si salvo siempre"),
        EditClass.EXCEPTION: word_set("excepto salvo menos"),
        EditClass.ATTRIBUTION: word_set("dijo dice segun afirmo asegura declaro creo"),
        EditClass.QUANTIFIER: word_set(
            "todo todos toda todas cada algun alguno alguna algunos algunas alguien algo muchos "
            "muchas pocos pocas mas menos solo mayoria minoria casi siempre mitad tercio doble "
            "triple ambos"
        ),
    },
    "pt": {
        EditClass.NEGATION: word_set(
            "nao nunca jamais nada ninguem nenhum nenhuma nem sem tampouco"
        ),
        EditClass.UNIT: word_set("cento dolares euros reais horas dias semanas meses anos metros"),
        EditClass.MODALITY: word_set(
            "pode podem posso podemos poderia poderiam poderemos deve devem devo devemos deveria "
            "deveriam deveremos talvez provavelmente certamente"
        ),
        EditClass.CONDITION: word_set("se caso senao"),
        EditClass.EXCEPTION: word_set("exceto salvo menos"),
        EditClass.ATTRIBUTION: word_set("disse diz segundo afirmou afirma declarou acho"),
        EditClass.QUANTIFIER: word_set(
            "todo todos toda todas cada algum alguma alguns algumas alguem algo muitos muitas "
            "poucos poucas mais menos so maioria minoria quase sempre metade terco dobro triplo "
            "ambos"
        ),
    },
    "de": {
        EditClass.NEGATION: word_set(
            "nicht nie niemals kein keine keinen keiner keinem keines nichts niemand niemanden "
            "niemandem ohne nein weder kaum nirgends nirgendwo keinesfalls keineswegs"
        ),
        EditClass.UNIT: word_set("prozent dollar euro stunden tage wochen monate jahre meter"),
        EditClass.MODALITY: word_set(
            "kann konnen konnte konnten darf durfen muss mussen soll sollen sollte sollten wird "
            "werden wurde wurden vielleicht wahrscheinlich mogen mochte"
        ),
        EditClass.CONDITION: word_set("wenn falls ob sofern sonst"),
        EditClass.EXCEPTION: word_set("ausser ausgenommen"),
        EditClass.ATTRIBUTION: word_set("sagte sagt laut angeblich zufolge behauptet glaube"),
        EditClass.QUANTIFIER: word_set(
            "alle aller allen alles jeder jede jedes jeden einige einigen manche manchen viele "
            "vielen wenige wenigen mehr weniger immer nur fast mehrheit minderheit jemand "
            "jemanden etwas mindestens hochstens wenigstens oft selten meisten halfte drittel "
            "viertel doppelt beide"
        ),
    },
    "ar": {
        EditClass.NEGATION: word_set(
            "لا لم لن ليس ليست ليسوا ليسا لسنا لست لستم ما غير دون بدون ابدا عدم كلا "
            "ولا ولم ولن وليس وليست وليسوا ولسنا ولست وغير ودون وبدون وعدم "
            "فلا فلم فلن فليس فليست فلسنا بلا بدونه بدونها بعدم لعدم وبلا وبعدم "
            "الم اولم افلم اليس اوليس اليست"
        ),
        EditClass.UNIT: word_set(
            "بالميه بالمايه الميه المايه دولار دولارات يورو ساعه ساعات يوم ايام سنه سنوات"
        ),
        EditClass.MODALITY: word_set(
            "قد ربما يجب ينبغي يمكن لعل سوف وقد وربما ويجب ويمكن وسوف فقد يمكننا يمكنه يمكنهم "
            "علينا بد"
        ),
        EditClass.CONDITION: word_set("اذا لو ان لولا واذا فاذا ولو فلو شرط بشرط"),
        EditClass.EXCEPTION: word_set("الا سوي باستثناء عدا والا وسوي وباستثناء"),
        EditClass.ATTRIBUTION: word_set("قال قالت يقول تقول زعم وفقا حسب"),
        EditClass.QUANTIFIER: word_set(
            "كل جميع بعض كثير قليل معظم اكثر اقل فقط دايما وكل وجميع وبعض ومعظم احد احدا غالبيه "
            "الغالبيه اغلب اغلبيه اقليه تقريبا حوالي نصف ثلث ربع كلهم بعضهم جميعهم معظمهم"
        ),
    },
}
_WORDS: Mapping[str, Mapping[EditClass, frozenset[str]]] = {
    **{base: {EditClass.NEGATION: words} for base, words in NEGATING.items()},
    **_SIX,
    **CRITICAL_WORDS,
}
_FUNCTION: Mapping[str, frozenset[str]] = {
    **FUNCTION_WORDS,
    "en": word_set(
        "a an the i you he she it we they me him her us them my your his its our their this that "
        "these those who whom whose which what where when why how and or but so as at by for from "
        "in into of off on onto out over to too under up with is am are was were be been being do "
        "does did done have has had having there here then than just also very well now oh yeah "
        "im youre hes shes theyre ive youve weve theyve ill youll id youd thats theres whats lets"
    ),
    "fr": word_set(
        "le la les l un une des du de d a au aux en dans et ou mais que qu qui quoi dont je j tu "
        "il elle on nous vous ils elles se s ce c cette ces mon ma mes son sa ses leur y est sont"
    ),
    "es": word_set(
        "el la los las un una unos de del a al en y o pero que yo tu se lo le su sus mi es son con"
    ),
    "pt": word_set(
        "o a os as um uma de do da dos das em no na nos nas e ou mas que eu ele ela se com por"
    ),
    "de": word_set(
        "der die das den dem des ein eine einen einem einer und oder aber ich du er sie es wir "
        "ihr ist sind war in im an am auf zu zum mit von fur dass"
    ),
    "ar": word_set("في من الي علي عن و او ثم هذا هذه ذلك تلك هو هي هم انا نحن التي الذي"),
}


_BODIES = word_set("us who")
"""Function words that, with capitals inside a sentence, are bodies: U.S., WHO."""


def knows(language: str | None) -> bool:
    """Whether a negation in this language is mostly a word that another language negates too, so
    that an original and its translation can be held against each other (None: English)."""
    return (base_language(language) or "en") in _SIX


def told_classes(language: str | None) -> frozenset[EditClass]:
    """The critical classes that the words of this language tell, wherever they stand (None:
    English); numbers and names always. A class that a language also expresses in the form of a
    word (Turkish negations) is not among them, though some of its words are known."""
    base = base_language(language) or "en"
    table = {} if base in NEGATING else _WORDS.get(base, {})
    told = frozenset(table) - TOLD_IN_PART.get(base, frozenset())
    return (told & CRITICAL) | {EditClass.NUMBER, EditClass.NAME}


def expansions(form: str, language: str | None) -> tuple[tuple[str, ...], ...]:
    """What an English contraction stands for (`dont`: `do not`); empty for other words."""
    return _CONTRACTED.get(form, ()) if base_language(language) in {None, "en"} else ()


def word_classes(
    token: Token, language: str | None, *, number: bool = False, name: bool = False
) -> frozenset[EditClass]:
    """The classes one word belongs to; never empty.

    number: the word is part of a number (`numbers.number_spans`). name: it is written as a name
    somewhere in the two texts, or is on the caller's list; function words never are one.
    """
    base = base_language(language) or "en"
    if token.kind is TokenKind.FILLER:
        return frozenset({EditClass.FILLER})
    found = {one for one, words in _WORDS.get(base, {}).items() if token.form in words}
    if token.kind is TokenKind.SYMBOL:
        found.add(EditClass.UNIT)
    if number or token.kind is TokenKind.NUMBER or _has_digit(token.form):
        found.add(EditClass.NUMBER)
    abbreviated = token.capital and token.form in _BODIES
    function = token.form in _FUNCTION.get(base, frozenset()) and not abbreviated
    if name and not function and not found:
        found.add(EditClass.NAME)
    if not found:
        found.add(EditClass.FUNCTION_WORD if function else EditClass.CONTENT)
    return frozenset(found)


def _has_digit(form: str) -> bool:
    """Whether a word is told from others by a number in it: `G7`, `F16`."""
    return not form.isalpha() and any(char.isdecimal() for char in form)


def is_function_word(form: str, language: str | None) -> bool:
    """Whether the word is on the language's short list of articles, pronouns, prepositions."""
    return form in _FUNCTION.get(base_language(language) or "en", frozenset())


def class_words(kind: EditClass, language: str | None) -> frozenset[str]:
    """The words of a language (None: English) that are of one class, as token forms."""
    return _WORDS.get(base_language(language) or "en", {}).get(kind, frozenset())


def is_negation(form: str, language: str | None) -> bool:
    """Whether the word negates, contractions of `not` included."""
    table = _WORDS.get(base_language(language) or "en", {})
    return form in table.get(EditClass.NEGATION, frozenset())


def weight(form: str, language: str | None) -> int:
    """The place of the word's first class in the language's table from 1, or 0 for content."""
    table = _WORDS.get(base_language(language) or "en", {})
    return next((place for place, words in enumerate(table.values(), 1) if form in words), 0)
