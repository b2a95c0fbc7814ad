"""Words whose change alters what was said, in languages beside those of `text.lexicon`.

Short lists of forms that are mostly what they are listed as, in their usual spelling; inflected
forms stand where they are common. A negation, a modal or a condition that is an ending of the verb
(Turkish, Persian, Japanese, Czech) is in no list: `TOLD_IN_PART` says of which classes.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from offair.model.finding import EditClass
from offair.text.normalise import fold
from offair.text.tokenise import Token, base_language


def _words(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_BEFORE_TO = _words(
    "have has had having got need needs needed ought able unable supposed allowed required obliged "
    "forced bound likely meant going"
)
_NO_VERB = _words("the a an this that these those my your his her its our their which what")


def obligations(words: Sequence[Token], language: str | None) -> frozenset[int]:
    """Where a word of obligation, ability or intent stands that is one only before `to` and a verb:
    `have to`, `supposed to`, `going to` (not `going to the`). English alone."""
    if base_language(language) not in {None, "en"}:
        return frozenset()
    return frozenset(
        at
        for at, (word, after) in enumerate(itertools.pairwise(words))
        if word.form in _BEFORE_TO
        and after.form == "to"
        and (at + 2 == len(words) or not _no_verb(words[at + 2]))
    )


def _no_verb(word: Token) -> bool:
    return word.form in _NO_VERB or word.capital


TOLD_IN_PART: Mapping[str, frozenset[EditClass]] = {
    "tr": frozenset({EditClass.NEGATION, EditClass.MODALITY, EditClass.CONDITION}),
    "fa": frozenset({EditClass.NEGATION, EditClass.MODALITY}),
    "ja": frozenset(EditClass),
    "zh": frozenset({EditClass.MODALITY, EditClass.CONDITION, EditClass.ATTRIBUTION}),
    "ar": frozenset({EditClass.CONDITION}),
    "he": frozenset({EditClass.MODALITY}),
}
"""Classes that a language also expresses in a word's form, or in more characters than one."""

CRITICAL_WORDS: Mapping[str, Mapping[EditClass, frozenset[str]]] = {
    "it": {
        EditClass.NEGATION: _words(
            "non no mai niente nulla nessuno nessuna nessun né neanche nemmeno neppure senza"
        ),
        EditClass.UNIT: _words(
            "percento dollari euro sterline lire ore minuti secondi giorni settimane mesi anni "
            "metri chilometri km chili tonnellate gradi"
        ),
        EditClass.MODALITY: _words(
            "può possono posso possiamo poteva potevano potrebbe potrebbero potremmo deve devono "
            "devo dobbiamo doveva dovevano dovrebbe dovrebbero dovremmo bisogna forse magari "
            "probabilmente certamente sicuramente"
        ),
        EditClass.CONDITION: _words("se qualora purché altrimenti finché"),
        EditClass.EXCEPTION: _words("tranne salvo eccetto fuorché escluso esclusa esclusi"),
        EditClass.ATTRIBUTION: _words(
            "disse dice dicono diceva secondo sostiene afferma affermato dichiarato "
            "presunto presunta credo crede penso pensa"
        ),
        EditClass.QUANTIFIER: _words(
            "tutto tutta tutti tutte ogni ognuno ciascuno alcuni alcune qualche molto molti molte "
            "poco pochi poche più meno solo soltanto sempre spesso quasi circa entrambi parecchi"
        ),
    },
    "nl": {
        EditClass.NEGATION: _words("niet geen nooit niemand niets nergens noch zonder nee neen"),
        EditClass.UNIT: _words(
            "procent dollar dollars euro uur uren minuten seconden dagen weken maanden jaar "
            "jaren meter kilometer km kilo ton graden"
        ),
        EditClass.MODALITY: _words(
            "kan kunnen kon konden mag mogen mocht mochten moet moeten moest moesten zal zullen "
            "zou zouden misschien waarschijnlijk mogelijk wellicht zeker"
        ),
        EditClass.CONDITION: _words("als indien mits tenzij anders totdat"),
        EditClass.EXCEPTION: _words("behalve uitgezonderd behoudens"),
        EditClass.ATTRIBUTION: _words(
            "zei zeggen zegt zeiden volgens beweert beweerde stelt denk denkt geloof gelooft"
        ),
        EditClass.QUANTIFIER: _words(
            "alle alles allen elk elke ieder iedere iedereen sommige enkele veel vele weinig meer "
            "minder meeste minst altijd vaak soms zelden alleen slechts bijna ongeveer beide"
        ),
    },
    "ru": {
        EditClass.NEGATION: _words(
            "не нет ни никогда никто никого никому никем ничто ничего ничему ничем нигде никуда "
            "никак никакой никакая никакие никаких нельзя без невозможно"
        ),
        EditClass.UNIT: _words(
            "процент процента процентов доллар доллара долларов евро рубль рубля рублей гривен "
            "час часа часов минут дня дней недель недели месяца месяцев год года лет метров "
            "километров км тонн градусов"
        ),
        EditClass.MODALITY: _words(
            "может могут могу можем мог могла могли можно должен должна должно должны надо нужно "
            "необходимо обязан обязаны возможно вероятно наверное пожалуй бы конечно"
        ),
        EditClass.CONDITION: _words("если иначе пока"),
        EditClass.EXCEPTION: _words("кроме исключая помимо исключением"),
        EditClass.ATTRIBUTION: _words(
            "сказал сказала сказали говорит говорят говорил говорила заявил заявила заявили "
            "утверждает утверждал считает считаю думаю якобы мол согласно"
        ),
        EditClass.QUANTIFIER: _words(
            "все всё всех всем всеми весь вся каждый каждая каждое каждые любой любая любые "
            "некоторые некоторых многие многих много мало немного несколько больше меньше "
            "большинство меньшинство только лишь всегда часто иногда редко почти около оба обе"
        ),
    },
    "uk": {
        EditClass.NEGATION: _words(
            "не ні ані ніколи ніхто нікого нікому ніщо нічого ніде нікуди ніяк ніякий ніякої "
            "неможливо без немає нема"
        ),
        EditClass.UNIT: _words(
            "відсоток відсотка відсотків долар долара доларів євро гривня гривні гривень рублів "
            "годин години хвилин днів дня тижнів місяців рік року років метрів кілометрів км тонн"
        ),
        EditClass.MODALITY: _words(
            "може можуть можу можемо міг могла могли можна повинен повинна повинні мусить мусимо "
            "треба потрібно необхідно можливо мабуть ймовірно звичайно би б"
        ),
        EditClass.CONDITION: _words("якщо якби інакше поки"),
        EditClass.EXCEPTION: _words("крім окрім винятком"),
        EditClass.ATTRIBUTION: _words(
            "сказав сказала сказали каже кажуть говорить заявив заявила заявили стверджує вважає "
            "вважаю думаю нібито мовляв згідно"
        ),
        EditClass.QUANTIFIER: _words(
            "все всі всіх всім весь вся усі усіх кожен кожна кожний деякі деяких багато "
            "мало кілька декілька більше менше більшість меншість тільки лише завжди часто іноді "
            "рідко майже близько обидва обидві"
        ),
    },
    "pl": {
        EditClass.NEGATION: _words(
            "nie nigdy nikt nikogo nikomu nic niczego nigdzie ani żaden żadna żadne żadnego żadnej "
            "żadnych bez brak niemożliwe"
        ),
        EditClass.UNIT: _words(
            "procent procenta dolar dolarów dolary euro złoty złotych złote rubli godzin godziny "
            "minut dni tygodni miesięcy rok roku lat lata metrów kilometrów km ton stopni"
        ),
        EditClass.MODALITY: _words(
            "może mogą mogę możemy mógł mogła mogli mógłby mogłaby mogliby można musi muszą "
            "musimy musiał powinien powinna powinno powinni powinniśmy trzeba należy chyba "
            "prawdopodobnie możliwe pewnie"
        ),
        EditClass.CONDITION: _words("jeśli jeżeli gdyby inaczej dopóki"),
        EditClass.EXCEPTION: _words("oprócz poza wyjątkiem wyłączając"),
        EditClass.ATTRIBUTION: _words(
            "powiedział powiedziała powiedzieli mówi mówią mówił twierdzi twierdził twierdzą "
            "uważa uważam sądzę myślę według rzekomo podobno oświadczył"
        ),
        EditClass.QUANTIFIER: _words(
            "wszystko wszyscy wszystkie wszystkich każdy każda każde każdego niektóre niektórzy "
            "niektórych wiele wielu mało kilka kilku więcej mniej większość mniejszość tylko "
            "jedynie zawsze często czasami rzadko prawie około oba obie obaj"
        ),
    },
    "tr": {
        EditClass.NEGATION: _words(
            "değil değildir değiliz değilim değiller yok yoktur hayır asla hiç hiçbir hiçbiri "
            "kimse olmadan"
        ),
        EditClass.UNIT: _words(
            "yüzde dolar doları avro euro lira lirası saat dakika gün hafta ay yıl metre kilometre "
            "km ton derece"
        ),
        EditClass.MODALITY: _words(
            "belki galiba herhalde muhtemelen kesinlikle mutlaka gerek gerekir gerekiyor lazım "
            "mümkün zorunda şart"
        ),
        EditClass.CONDITION: _words("eğer yoksa şayet takdirde sürece"),
        EditClass.EXCEPTION: _words("hariç dışında"),
        EditClass.ATTRIBUTION: _words(
            "dedi dediler diyor söyledi söylüyor göre iddia sözde belirtti açıkladı"
        ),
        EditClass.QUANTIFIER: _words(
            "tüm bütün her hepsi herkes bazı birkaç çok az fazla çoğu sadece yalnızca hep "
            "daima bazen nadiren neredeyse yaklaşık yarısı"
        ),
    },
    "fa": {
        EditClass.NEGATION: _words(
            "نه نیست نیستند نیستم نیستیم نبود نبودند ندارد ندارند ندارم نداریم نکرد نکردند نمی‌شود "
            "نمی‌کند نمی‌کنند نمی‌کنیم نمی‌کنم نخواهد هیچ هیچکس هیچ‌کس هرگز بدون بی"
        ),
        EditClass.UNIT: _words(
            "درصد دلار یورو تومان ریال ساعت دقیقه روز هفته ماه سال متر کیلومتر تن درجه"
        ),
        EditClass.MODALITY: _words(
            "باید نباید شاید ممکن می‌تواند می‌توانند می‌توانیم نمی‌تواند نمی‌توانند احتمالا حتما "
            "قطعا لازم"
        ),
        EditClass.CONDITION: _words("اگر مگر چنانچه وگرنه"),
        EditClass.EXCEPTION: _words("جز بجز به‌جز الا استثنای"),
        EditClass.ATTRIBUTION: _words(
            "گفت گفتند گفته می‌گوید می‌گویند ادعا مدعی طبق براساس ظاهرا اعلام"
        ),
        EditClass.QUANTIFIER: _words(
            "همه تمام هر بعضی برخی چند بسیار زیاد کم بیشتر کمتر اکثر فقط تنها همیشه اغلب گاهی "
            "تقریبا حدود نیم"
        ),
    },
    "he": {
        EditClass.NEGATION: _words(
            "לא אין בלי מבלי ללא שום מעולם בלתי איננו אינו אינה אינם אינני שאין שלא ולא"
        ),
        EditClass.UNIT: _words(
            "אחוז אחוזים דולר דולרים אירו שקל שקלים שעה שעות דקות ימים יום שבועות חודשים שנה שנים "
            "מטר מטרים קילומטר קילומטרים טון מעלות"
        ),
        EditClass.MODALITY: _words(
            "יכול יכולה יכולים אפשר חייב חייבת חייבים צריך צריכה צריכים אולי כנראה בטח ודאי בהחלט "
            "עשוי עלול אמור מותר אסור"
        ),
        EditClass.CONDITION: _words("אם אילו אחרת אלמלא ובלבד"),
        EditClass.EXCEPTION: _words("חוץ למעט מלבד פרט"),
        EditClass.ATTRIBUTION: _words(
            "אמר אמרה אמרו אומר אומרת אומרים לפי לדברי טען טוען טוענים כביכול לכאורה חושב מאמין"
        ),
        EditClass.QUANTIFIER: _words(
            "כל כולם הכול כמה הרבה מעט רוב מיעוט יותר פחות רק תמיד לפעמים לעיתים כמעט בערך חצי"
        ),
    },
    "hi": {
        EditClass.NEGATION: _words("नहीं न ना मत बिना बगैर नही"),
        EditClass.UNIT: _words(
            "प्रतिशत फीसदी फ़ीसदी डॉलर यूरो रुपये रुपए रुपया घंटे घंटा मिनट दिन हफ्ते महीने साल वर्ष "
            "मीटर किलोमीटर टन"
        ),
        EditClass.MODALITY: _words("सकता सकती सकते चाहिए शायद ज़रूर जरूर संभव ज़रूरी जरूरी अनिवार्य निश्चित"),
        EditClass.CONDITION: _words("अगर यदि वरना बशर्ते अन्यथा"),
        EditClass.EXCEPTION: _words("सिवाय अलावा छोड़कर"),
        EditClass.ATTRIBUTION: _words("कहा कहते कहता कहती बताया दावा मुताबिक अनुसार कथित"),
        EditClass.QUANTIFIER: _words(
            "सब सभी हर प्रत्येक कुछ कई बहुत ज्यादा ज़्यादा कम अधिक अधिकांश केवल सिर्फ़ सिर्फ हमेशा अक्सर "
            "लगभग करीब क़रीब आधा दोनों लाख करोड़ हज़ार हजार सौ"
        ),
    },
    "zh": {
        EditClass.NEGATION: _words("不 没 沒 无 無 未 非 莫 勿 否"),
        EditClass.UNIT: _words("元 吨 噸 米 秒 斤 亩 畝"),
        EditClass.MODALITY: _words("可 能 必 须 須 应 應"),
        EditClass.CONDITION: _words("若 倘"),
        EditClass.EXCEPTION: _words("除"),
        EditClass.ATTRIBUTION: _words("说 說 称 稱 据 據"),
        EditClass.QUANTIFIER: _words("全 每 各 都 皆 均 仅 僅 只 几 幾 些 多 少 半 约 約"),
    },
    "ja": {
        EditClass.NEGATION: _words("不 無 未 非 否"),
        EditClass.UNIT: _words("円 秒 噸"),
        EditClass.EXCEPTION: _words("除"),
        EditClass.QUANTIFIER: _words("全 各 毎 皆 半 約"),
    },
    "id": {
        EditClass.NEGATION: _words(
            "tidak tak bukan bukanlah tidaklah belum jangan tanpa tiada nggak enggak gak ndak "
            "takkan mustahil"
        ),
        EditClass.UNIT: _words(
            "persen dolar euro rupiah jam menit detik hari minggu pekan bulan tahun meter "
            "kilometer km ton derajat"
        ),
        EditClass.MODALITY: _words(
            "bisa dapat boleh harus wajib mesti perlu akan mungkin barangkali pasti tentu "
            "kemungkinan seharusnya sebaiknya"
        ),
        EditClass.CONDITION: _words("jika kalau bila apabila asalkan andaikan seandainya"),
        EditClass.EXCEPTION: _words("kecuali selain terkecuali"),
        EditClass.ATTRIBUTION: _words(
            "kata katanya mengatakan berkata ujar ujarnya menurut konon diduga mengklaim menyebut"
        ),
        EditClass.QUANTIFIER: _words(
            "semua seluruh setiap tiap beberapa sebagian banyak sedikit lebih kurang "
            "paling hanya cuma selalu sering kadang jarang hampir sekitar kedua separuh setengah"
        ),
    },
}

_GREEK: Mapping[EditClass, frozenset[str]] = {
    EditClass.NEGATION: _words(
        "δεν δε μην μη όχι ούτε μήτε ποτέ κανείς κανένας καμία κανένα κανέναν τίποτα πουθενά χωρίς "
        "δίχως"
    ),
    EditClass.UNIT: _words(
        "δολάρια δολαρίων ευρώ λίρες ώρα ώρες λεπτά μέρες ημέρες εβδομάδες μήνες έτος έτη χρόνια "
        "μέτρα χιλιόμετρα τόνους τόνοι βαθμούς"
    ),
    EditClass.MODALITY: _words(
        "μπορεί μπορούν μπορώ μπορούμε μπορούσε πρέπει έπρεπε ίσως μάλλον πιθανώς σίγουρα οφείλει "
        "οφείλουμε ενδέχεται"
    ),
    EditClass.CONDITION: _words("αν εάν εφόσον αλλιώς"),
    EditClass.EXCEPTION: _words("εκτός πλην εξαιρουμένων"),
    EditClass.ATTRIBUTION: _words(
        "είπε είπαν λέει λένε δήλωσε δήλωσαν ισχυρίζεται ισχυρίστηκε φέρεται πιστεύω νομίζω"
    ),
    EditClass.QUANTIFIER: _words(
        "όλοι όλες όλα όλους κάθε μερικοί μερικές μερικά πολλοί πολλές πολλά λίγοι λίγες λίγα "
        "περισσότεροι περισσότερες περισσότερα λιγότεροι λιγότερα μόνο πάντα συχνά σπάνια σχεδόν "
        "περίπου μισό μισά"
    ),
}
_NEGATIONS: Mapping[str, str] = {
    "sv": "inte icke ej aldrig ingen inget inga ingenting ingenstans utan nej varken knappt",
    "da": "ikke aldrig ingen intet ingenting uden nej hverken næppe",
    "no": "ikke ikkje aldri ingen intet ingenting uten nei verken knapt",
    "cs": "ne nikdy nikdo nikoho nikomu nic ničeho nikde žádný žádná žádné žádného bez není ani",
    "sk": "nie nikdy nikto nikoho nič ničoho nikde žiadny žiadna žiadne žiadneho bez ani",
    "ro": "nu niciodată nimeni nimic nicăieri niciun nicio fără nici",
    "hu": "nem ne sem soha sohasem senki senkit semmi semmit sehol nincs nincsenek nélkül",
    "bg": "не никога никой никого нищо никъде никакъв никаква никакви без няма нито нямаше",
    "sr": "не није нису никад никада нико никога ништа нигде никакав никаква без нема нити "
    "ne nije nisu nikad nikada niko nikoga ništa nigde nikakav nikakva bez nema niti",
    "hr": "ne nije nisu nikad nikada nitko nikoga ništa nigdje nikakav nikakva bez nema niti",
    "fi": "ei en et emme ette eivät eikä älä älkää ilman koskaan kukaan mikään mitään",
    "ca": "no mai res ningú cap ni sense tampoc",
    "vi": "không chẳng chưa chả đừng",
    "ko": "안 못 않 없 않는 않을 않다 않았다 않고 없는 없다 없이 아니다 아닌 아니라 말라",
    "sw": "si hapana hakuna bila kamwe sio siyo",
    "am": "አይደለም የለም",
    "ur": "نہیں نہ مت بغیر",
    "bn": "না নেই নয় নি নাই",
}
NEGATING: Mapping[str, frozenset[str]] = {
    base: _words(listed)
    for base, listed in {**_NEGATIONS, "nb": _NEGATIONS["no"], "nn": _NEGATIONS["no"]}.items()
}
"""Words that negate in languages of which no other words are listed: too few to tell every one."""
CRITICAL_WORDS = {**CRITICAL_WORDS, "el": _GREEK}

FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "it": _words(
        "il lo la i gli le l un uno una di a da in con su per tra fra del dello della dei degli "
        "delle al allo alla ai agli alle dal dalla nel nella nei sul sulla e o ma che chi cui io "
        "tu lui lei noi voi loro mi ti si ci vi è sono sei siamo era ho ha abbiamo hanno questo "
        "quello"
    ),
    "nl": _words(
        "de het een en of maar dat die dit deze ik je jij u hij zij ze wij we jullie mij me hem "
        "haar ons hun van in op aan bij met voor naar uit om te er is ben zijn was waren heb heeft "
        "hebben"
    ),
    "ru": _words(
        "и а но или что это этот эта эти то тот та те в во на с со к ко о об от до из у за по для "
        "при над под я ты он она оно мы вы они меня мне его ее ему им их нас вас свой как же ли "
        "быть был была было были есть"
    ),
    "uk": _words(
        "і й та а але або що це цей ця ці то той те в у на з із зі до від про за по для при над "
        "під я ти він вона воно ми ви вони мене мені його її йому їм їх нас вас свій як же чи "
        "бути був була було були є"
    ),
    "pl": _words(
        "i a ale lub albo że to ten ta te ci tego tej w we na z ze do od o za po dla przy nad pod "
        "ja ty on ona ono my wy oni one mnie mi go jego jej mu im ich nas was się jest są był była "
        "było byli być jak czy"
    ),
    "tr": _words(
        "ve veya ile ama ki bu şu o bir de da mi mı mu mü ben sen biz siz onlar için gibi"
    ),
    "fa": _words("و یا اما که این آن را به از در با برای من تو او ما شما آنها است بود یک"),
    "he": _words(
        "את של על עם מן זה זאת זו אני אתה הוא היא אנחנו אתם הם הן לי לך לו לה לנו להם או אבל "
        "כי אשר גם"
    ),
    "hi": _words(
        "और या लेकिन कि यह वह ये वे का के की को से में पर ने है हैं था थी थे मैं हम तुम आप उस इस एक भी ही तो"
    ),
    "zh": _words("的 了 和 与 與 在 是 我 你 他 她 它 们 們 这 這 那 之 也 而 吗 嗎 呢 吧 啊"),
    "ja": _words("の は が を に で と も へ や か ね よ"),
    "el": _words(
        "ο η το οι τα του της των τον την τους τις και ή αλλά που ότι πως σε στο στη στην στον στα "
        "στους στις από για με εγώ εσύ αυτός αυτή αυτό εμείς εσείς αυτοί μου σου μας σας θα να "
        "είναι ήταν έχω έχει έχουμε"
    ),
    "id": _words(
        "dan atau tetapi tapi yang ini itu di ke dari pada untuk dengan saya kamu dia kami "
        "kita mereka adalah ialah oleh juga"
    ),
}
"""Articles, pronouns, prepositions and the like."""
