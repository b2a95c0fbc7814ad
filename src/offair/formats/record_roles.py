"""Words that tell a role, a title or a nationality from a name, as English records print them."""

from __future__ import annotations

from offair.model.record import NOT_TOLD_APART, WITHHELD
from offair.model.transcript import SpeakerKind


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set(
    "dr doctor mr mrs ms miss mister prof professor sheikh sheik shaykh shaikh imam ayatollah "
    "hojatoleslam hujjat grand mufti mullah mulla maulana mawlana sayyed sayyid seyyed hajj hajji "
    "gen general brig brigadier col colonel maj major capt captain lt lieutenant sgt sergeant adm "
    "admiral cmdr commander sen senator rep representative congressman congresswoman gov governor "
    "president vice deputy acting secretary ambassador judge justice king queen prince princess "
    "emir sir lord lady dame rev reverend father fr pastor rabbi bishop archbishop cardinal pope "
    "hon honorable honourable administrator director chairman chairwoman minister premier eng "
    "mayor sister brother assistant under chief staff surgeon attorney commissioner "
)
"""First words of a form of address, lower case, without their full stop."""

ROLES = _set(
    "academic activist actor actress adviser advisor adviser's agent airman ambassador analyst "
    "anchor anchorman anchorwoman announcer archbishop architect artist assistant astronaut "
    "athlete attorney author baker banker biologist bishop blogger boss boy brother businessman "
    "businesswoman caller cameraman candidate captain caretaker chairman chairperson chairwoman "
    "chancellor chef chemist chief child children citizen clerk cleric clerk coach columnist "
    "commander commentator commissioner commuter composer congressman congresswoman consul "
    "correspondent councillor councilor counselor critic daughter dean delegate demonstrator "
    "deputy diplomat director doctor driver economist editor editor-in-chief educator emir "
    "employee engineer envoy executive expert farmer father fighter filmmaker firefighter "
    "fisherman founder general geologist girl glaciologist governor grandfather grandmother grower "
    "guest head historian host hostess housewife husband imam inspector instructor interpreter "
    "interviewee interviewer inventor investigator journalist judge juror king lawmaker lawyer "
    "leader lecturer legislator lieutenant linguist listener man manager mayor mechanic mediator "
    "member merchant meteorologist militant minister moderator mother mp mufti musician narrator "
    "nurse officer official operator owner painter panelist participant passenger passer-by "
    "passerby pastor patient physician physicist pilot player poet policeman policewoman "
    "politician preacher premier presenter president prime priest prince princess principal "
    "prisoner producer professor prosecutor protester psychiatrist psychologist publisher pupil "
    "queen rabbi reader reporter representative researcher resident reviewer sailor schoolboy "
    "schoolgirl scholar scientist secretary secretary-general senator sergeant sheikh shopkeeper "
    "singer sister soldier son speaker specialist spokesman spokesperson spokeswoman student "
    "surgeon survivor teacher technician teenager translator trader trainer treasurer tutor "
    "veterinarian veteran victim viewer villager vice-president visitor voice volunteer widow "
    "wife witness woman worker writer youth zoologist announcer continuity newsreader newscaster "
    "co-host cohost questioner aide operator staff moderator's chair clerk bailiff counsel "
    "male female المذيع المذيعة المقدم المقدمة المحاور المحاورة الضيف مذيع مذيعة محاور صحفي "
    "gardener beekeeper zookeeper goalkeeper shoemaker keeper shepherd miner butcher tailor "
    "barber waiter waitress printer librarian carpenter blacksmith plumber electrician cook "
    "interlocutor discussant respondent question answer lady gentleman spouse"
)
"""What somebody is, lower case. A label made of these and of `QUALIFIERS` names no person."""

TRADE_ENDINGS = ("ologist", "keeper", "maker", "worker", "grower", "holder", "dealer", "monger")
"""Endings of trades that are hardly ever endings of a name, lower case."""

QUALIFIERS = _set(
    "tv radio television news studio the a an first second third fourth other another unidentified "
    "unknown unnamed anonymous male female young old elderly senior junior former fmr ex chief "
    "deputy acting assistant lead field foreign political military militia religious islamic "
    "islamist health foreign interior defense defence finance education prime of for and in on "
    "off-screen offscreen on-screen via by phone audience public press white house administration "
    "state police army navy air force party union team radio morning evening show program "
    "programme channel network station video no number nr vice under supreme court spouse"
)
"""Words that may stand with a role word in a label that names no person, lower case."""

NOT_PERSONS = frozenset(
    (
        NOT_TOLD_APART.casefold(),
        WITHHELD.casefold(),
        "narrator",
        "narration",
        "crowd",
        "audience",
        "chorus",
        "voice-over",
        "voiceover",
        "voice over",
        "on-screen text",
        "on screen text",
        "onscreen text",
        "caption",
        "subtitle",
        "text on screen",
        "all",
        "everyone",
        "together",
        "song",
        "chant",
        "chants",
        "protesters",
        "demonstrators",
        "children",
        "voices",
        "recording",
        "video",
        "announcement",
        "unknown speaker",
        "unidentified speaker",
    )
)
"""Labels that are no person, lower case, as the desk lists them."""

DEMONYMS = _set(
    "afghan african albanian algerian american angolan arab argentine argentinian armenian "
    "australian austrian azerbaijani bahraini bangladeshi basque belarusian belgian bolivian "
    "bosnian brazilian british bulgarian burmese cambodian cameroonian canadian catalan chadian "
    "chechen chilean chinese colombian congolese croatian cuban cypriot czech danish dutch "
    "ecuadorian egyptian emirati english eritrean estonian ethiopian european filipino finnish "
    "french gambian georgian german ghanaian greek guatemalan guinean haitian hungarian icelandic "
    "indian indonesian iranian iraqi irish israeli italian ivorian jamaican japanese jordanian "
    "kazakh kenyan korean kosovar kurdish kuwaiti kyrgyz laotian latvian lebanese liberian libyan "
    "lithuanian macedonian malagasy malaysian malian maltese mauritanian mexican moldovan "
    "mongolian moroccan mozambican namibian nepalese nepali nicaraguan nigerian norwegian omani "
    "pakistani palestinian panamanian paraguayan peruvian polish portuguese qatari romanian "
    "russian rwandan saudi scottish senegalese serbian singaporean slovak slovenian somali "
    "spanish sudanese swedish swiss syrian taiwanese tajik tanzanian thai tunisian turkish turkmen "
    "ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh yemeni zambian zimbabwean"
)
"""Nationalities as adjectives, lower case; a compound (`egyptian-canadian`) is split first."""

PARTICLES = _set(
    "al el ul bin ben ibn bint abu abd umm von van der den de da das dos di del della du la le y e "
    "of the and for in at to on from or ad an as ash ar az bat"
)
"""Words that may stand in lower case inside a name or between the parts of a role."""

SENTENCE_WORDS = _set(
    "i i'm i'll i'd i've he he's she she's we we're we've we'll they they're you you're your it "
    "it's its this that these those there there's here here's his her their our my me him them us "
    "is are was were be been being am isn't aren't wasn't has have had do does did don't doesn't "
    "didn't will would can could should may might must shall won't can't couldn't not never "
    "said says say saying added adds asked asks wrote writes replied replies continued continues "
    "told tells tell explained explains stated states noted notes claimed claims argued argues "
    "warned warns declared declares responded responds concluded concludes elaborated stressed "
    "stresses mentioned what when where why how who whom whose which because if although though "
    "since unless until while but so then also now let let's yes no well okay ok oh ah look listen "
    "secondly finally moreover however therefore maybe perhaps please thanks thank as with "
    "about than too very just only even still already again every each both few many most some "
    "any all everything nothing something everybody nobody somebody one's"
)
"""Words of running speech; a printed phrase that holds one is no label."""

ALSO_NAMES = _set("will may do so no an mark")
"""Sentence words that also begin or end a person's name (`Theresa May`), lower case."""

NOT_LABELS = frozenset(
    (
        "source",
        "share video",
        "following",
        "background",
        "note",
        "notes",
        "editor's note",
        "topic",
        "topics",
        "guests",
        "date",
        "subject",
        "issued on",
        "aired",
        "related",
        "tags",
        "transcript",
        "summary",
        "photo",
        "photos",
        "credit",
        "image",
        "see also",
        "read more",
        "watch",
        "keywords",
        "channel",
        "country",
        "warning",
        "important",
        "update",
        "correction",
        "example",
        "first",
        "title",
        "author",
        "layout",
        "categories",
        "published",
        "conclusion",
        "result",
        "friends",
        "brothers",
        "ladies and gentlemen",
        "end",
        "re",
        "p.s.",
        "ps",
        "nb",
        "n.b.",
        "http",
        "https",
        "e-mail",
        "email",
        "tel",
        "phone",
        "contact",
        "location",
        "duration",
        "copyright",
        "url",
        "link",
        "links",
        "to",
        "from",
        "via",
    )
)
"""Words before a colon that are not a speaker's label, lower case."""

PLACES = {
    "james s. brady press briefing room": ("White House press briefing", "United States"),
    "brady press briefing room": ("White House press briefing", "United States"),
}
"""Place lines of press briefings, lower case, and the (channel, country) that they stand for."""

ENGLISH_COUNTRIES = frozenset(
    (
        "united states",
        "u.s.",
        "us",
        "usa",
        "u.s.a.",
        "america",
        "united kingdom",
        "u.k.",
        "uk",
        "britain",
        "great britain",
        "england",
        "scotland",
        "wales",
        "ireland",
        "canada",
        "australia",
        "new zealand",
        "jamaica",
        "ghana",
        "nigeria",
        "kenya",
        "zimbabwe",
        "south africa",
        "singapore",
        "malta",
        "liberia",
        "sierra leone",
        "zambia",
        "uganda",
        "trinidad and tobago",
        "barbados",
        "bahamas",
        "guyana",
        "the internet",
        "internet",
        "online",
    )
)
"""Countries, lower case, whose broadcasts may well be in English, and sources without a country."""


def kind_of_label(label: str) -> SpeakerKind:
    """Whether a label that stands alone names a person, a role (`HOST`, `Q`) or neither (`CROWD`).

    For captions and plain transcripts, which have no header to take a name from.
    """
    words = [word.strip(".,") for word in label.casefold().split()]
    if label.casefold() in NOT_PERSONS:
        return SpeakerKind.LABEL
    rolelike = ROLES | QUALIFIERS | _NOBODY_NAMED
    roles = any(word in ROLES | _NOBODY_NAMED for word in words)
    return SpeakerKind.ROLE if roles and set(words) <= rolelike else SpeakerKind.PERSON


_NOBODY_NAMED = frozenset(
    ["q", "a", "man", "woman", "men", "women", "boy", "girl", "child", "male", "female", "voice"]
)
