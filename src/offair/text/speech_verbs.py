"""Words that say that somebody spoke, and what people are called by, for attributions in print."""

from __future__ import annotations

import regex

from offair.text.normalise import word_set

ENGLISH = (
    r"said|says|say|saying|told|tells|telling|added|adds|adding|continued|continues|continuing"
    r"|wrote|writes|written|writing|asked|asks|asking|replied|replies|replying|responded|responds"
    r"|answered|answers|explained|explains|explaining|noted|notes|noting|stated|states|stating"
    r"|declared|declares|declaring|announced|announces|announcing|argued|argues|arguing|insisted"
    r"|insists|insisting|warned|warns|warning|claimed|claims|claiming|admitted|admits|admitting"
    r"|acknowledged|acknowledges|acknowledging|conceded|concedes|described|describes|describing"
    r"|called|calls|calling|tweeted|tweets|tweeting|posted|remarked|remarks|commented|recalled"
    r"|recalls|recalling|joked|jokes|joking|quipped|stressed|stresses|stressing|emphasi[sz]ed"
    r"|emphasi[sz]es|emphasi[sz]ing|urged|urges|urging|vowed|vows|vowing|pledged|pledges|promised"
    r"|promises|predicted|predicts|complained|complains|shouted|testified|testifies|concluded"
    r"|concludes|observed|observes|suggested|suggests|maintained|maintains|asserted|asserts"
    r"|affirmed|affirms|affirming|reiterated|reiterates|repeated|confirmed|confirms|denied|denies"
    r"|boasted|lamented|praised|praises|hailed|hails|agreed|agrees|began|exclaimed|whispered|cried"
    r"|interjected|mused|thundered|chanted|reminded|reminds|reported|reports|put\sit|puts\sit"
    r"|went\son|pointed\sout|points\sout|chimed\sin|spoke|speaks|criticized|slammed|blasted|taught|teach|teaches"
    r"|preached|preaches|proclaimed|proclaims"
)
"""English, finite forms and those in -ing."""

OTHERS: dict[str, str] = {
    "fr": r"a-t-(?:il|elle|on)\s\w{3,12}|a\s(?:dit|déclaré|affirmé|ajouté|expliqué|répondu|estimé"
    r"|assuré|indiqué|précisé|lancé"
    r"|souligné|poursuivi|annoncé|rappelé|confié|écrit|insisté)|(?:dit|déclare|affirme|ajoute"
    r"|explique|répond|estime|assure|indique|précise|souligne|poursuit|annonce|rappelle|confie"
    r"|écrit|insiste|lance|s['’]exclame)(?:-t-(?:il|elle|on)|-il|-elle)?",
    "de": r"sagt|sagte|erklärte|erklärt|meinte|meint|betonte|betont|fügte|ergänzte|fragte"
    r"|antwortete|schrieb|schreibt|warnte|warnt|behauptete|kritisierte|forderte|teilte|so",
    "es": r"dijo|dice|afirmó|afirma|declaró|declara|añadió|añade|explicó|explica|señaló|señala"
    r"|aseguró|asegura|respondió|preguntó|escribió|advirtió|subrayó|indicó|manifestó|sostuvo"
    r"|agregó|expresó|insistió|recordó|anunció|ha\s(?:dicho|afirmado|declarado|asegurado"
    r"|explicado|señalado|añadido)",
    "pt": r"disse|diz|afirmou|afirma|declarou|declara|acrescentou|acrescenta|explicou|explica"
    r"|respondeu|perguntou|escreveu|alertou|sublinhou|garantiu|destacou|ressaltou|defendeu"
    r"|contou|anunciou|completou|concluiu",
    "it": r"ha\s(?:detto|dichiarato|affermato|aggiunto|spiegato|risposto|sottolineato|scritto"
    r"|ribadito|precisato|commentato|concluso|assicurato)|disse|dice|dichiara|afferma|aggiunge"
    r"|spiega|risponde|sottolinea|scrive|ribadisce|commenta",
    "ar": r"(?:و|ف)?(?:قال|قالت|صرح|صرّح|صرحت|أكد|أكّد|أكدت|أضاف|أضافت|أوضح|أوضحت|ذكر|ذكرت|أعلن"
    r"|أعلنت|كتب|كتبت|تابع|تابعت|شدد|شددت|اعتبر|اعتبرت|يقول|تقول|أشار|أشارت)",
}
"""Other languages: only forms that nearly always introduce or follow what somebody said."""

ACCORDING: dict[str, str] = {
    "en": r"according\sto|in\sthe\swords\sof",
    "fr": r"selon|d['’]après|pour",
    "de": r"laut|nach\sAngaben\svon|so",
    "es": r"según|de\sacuerdo\scon|en\spalabras\sde",
    "pt": r"segundo|de\sacordo\scom|nas\spalavras\sde",
    "it": r"secondo|a\sdetta\sdi",
    "ar": r"بحسب|حسب|وفقا\sل|وفقًا\sل|وفقاً\sل",
}
"""What stands before a name whose words are given."""

HANDLES = {
    "potus": "president",
    "flotus": "first lady",
    "vp": "vice president",
    "presssec": "press secretary",
}
"""Names of accounts that stand for whoever holds an office, lower case without the `@`."""

PRONOUNS: dict[str, str] = {
    "en": r"he|she|they",
    "fr": r"il|elle|ils|elles",
    "de": r"er|sie",
    "es": r"él|ella|ellos|ellas",
    "pt": r"ele|ela|eles|elas",
    "it": r"lui|lei|egli|ella",
}
"""Third persons that stand for a speaker."""

SHE = word_set(
    "mrs ms miss madam lady dame queen princess baroness duchess congresswoman chairwoman "
    "spokeswoman councilwoman businesswoman sister mother "
    "amy angela ann anna anne barbara betty carol caroline catherine christine cynthia deborah "
    "debra diane donna dorothy elizabeth emily emma eva gina hannah helen hillary jane janet "
    "jennifer jessica jill joan judith judy julia julie karen kate katherine kathleen kathy laura "
    "linda lisa lucy margaret maria marie martha mary melissa michelle nancy nicole olivia pamela "
    "patricia rachel rebecca ruth sandra sarah sharon sophia stephanie susan teresa theresa ursula "
    "victoria virginia"
)
"""Titles and given names of women only, lower case: for whom `he` does not stand."""

HE = word_set(
    "mr sir lord king prince baron duke congressman chairman spokesman councilman businessman "
    "father brother "
    "adam albert alexander andrew anthony antony arthur barack ben benjamin bernard bill bob brian "
    "bruce carl charles christopher chuck daniel david dennis donald douglas edward eric ernest "
    "frank fred gary george gerald gordon gregory harold harry henry howard hugh jack james jason "
    "jeffrey jeremy jim jimmy joe john jonathan joseph joshua justin keith kenneth kevin larry "
    "lawrence lloyd louis mark martin matthew michael mike mitch nicholas patrick paul pete peter "
    "philip ralph raymond richard robert roger ronald roy russell samuel scott simon stephen "
    "steven stuart ted thomas tim timothy todd tom tony vladimir walter william"
)
"""Titles and given names of men only, lower case: for whom `she` does not stand."""

ROLES = word_set(
    "president vice-president premier prime minister secretary press senator sen sens "
    "representative rep reps congressman congresswoman congressmember governor gov mayor mr mrs ms "
    "miss dr doctor prof professor director administrator chair chairman chairwoman chairperson "
    "ceo cfo cto coo leader whip speaker attorney general judge justice ambassador chancellor king "
    "queen prince princess pope cardinal bishop archbishop rabbi imam sheikh sir lord lady dame "
    "captain capt major colonel col lieutenant lt sergeant sgt admiral commander "
    "commissioner chief "
    "officer advisor adviser envoy deputy under undersecretary assistant former acting coach "
    "spokesman spokeswoman spokesperson correspondent reporter editor economist analyst founder "
    "co-founder cofounder executive manager superintendent sheriff treasurer comptroller "
    "pro tempore councilman councilwoman councilmember delegate lawmaker senator-elect "
    "president-elect "
    "governor-elect first second teacher author mp mep moderator rev reverend pastor "
    "président présidente ministre premier-ministre monsieur madame bundeskanzler kanzler "
    "bundespräsident präsident minister-präsident ministerin kanzlerin außenministerin "
    "außenminister presidente ministro ministra primer primo senador senadora diputado diputada "
    "deputado deputada sindaco"
)
"""Words that stand before a name and are no part of it, lower case without the full stop."""

AFTER_OF = word_set(
    "state defense defence treasury commerce labor labour energy education interior agriculture "
    "transportation homeland security health human services housing urban development veterans "
    "affairs foreign the and war staff justice finance"
)
"""Words that go on a title after `of` (Secretary of State), lower case."""

NO_NAMES = word_set(
    "i we you he she it they and but so the this that these those what who why how when where "
    "which now well yes no in on at to for of from with by as if is are was were my our your his "
    "her its their a an or not also then today yesterday tomorrow monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september "
    "october november december according during after before while since although because despite "
    "under over there here all some many most each every both such meanwhile however moreover "
    "additionally earlier later last next one two three another other just still even only "
    "twitter facebook instagram youtube le la les il elle un une et mais dans pour selon au aux "
    "der die das er sie es und aber ein eine im am nach laut el los las y pero en según una o os "
    "as e mas no na em segundo ma nel secondo gli i lo"
)
"""Words with a capital that are no name, lower case."""

OFFICIALS = word_set(
    "spokesman spokeswoman spokesperson spokespeople official officials aide aides adviser advisor "
    "advisers company agency department ministry statement police campaign lawyer lawyers attorney "
    "attorneys family union court report group association organization organisation team office"
)
"""Common nouns that may speak without a name, lower case."""

BODIES = word_set(
    "united states house white department association council union party administration act plan "
    "congress senate court university institute center centre committee school national american "
    "federal government ministry bank company corporation inc foundation alliance network league "
    "society organization organisation fund action coalition group agency office bureau service "
    "commission board authority city county state nations street avenue river north south "
    "east west "
    "new times post journal news press tv radio democrats republicans democratic republican world "
    "international global community communities law order security executive supreme"
)
"""Words of names that are of no person, lower case."""

TERM_BEFORE_RE = regex.compile(
    r"(?i)\b(?:terms?|words?|phrases?|titled|entitled|dubbed|nicknamed|so-called|known\sas"
    r"|referred\sto\sas|(?:is|are|was|were|be|been)\scalled|defined\sas|labell?ed|slogan|hashtag"
    r"|songs?|books?|films?|movies?|albums?|series|shows?|episodes?|chapter|section|article|report"
    r"|act|bill|initiative|programs?|campaign|order|memorandum|proclamation|headlines?|banner"
    r"|signs?|sign\sread|marked|stamped)\s*[,:]?\s*(?:as\s)?(?:the\s)?[\p{Pi}\p{Ps}\"']*$"
)
"""What stands before a title or a term rather than before what somebody said."""

TERM_AFTER_RE = regex.compile(
    r"(?i)^[\p{Pf}\p{Pe}\"',]*\s*(?:means?\b|refers?\sto\b|has\sthe\smeaning)"
)
"""What follows a term that is defined."""
