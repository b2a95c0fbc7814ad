"""What Whisper is known to write where nobody speaks: thanks, credits and calls from video sites.

People do say "thank you for watching": a phrase of this table within other words is no doubt. It
adds a reason where the sound or the engine's own probability is doubtful too, or where nothing else
was heard at all; then even a bare "thank you" is one. Collected from outputs over noise
and silence and from the reports of users of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from offair.text.tokenise import Token, tokens

_PHRASES = {
    "en": (
        "thanks for watching",
        "thank you for watching",
        "thank you so much for watching",
        "thank you very much for watching",
        "please subscribe",
        "subscribe to my channel",
        "like and subscribe",
        "don't forget to subscribe",
        "see you in the next video",
        "see you next time",
        "subtitles by",
        "transcription by",
        "captions by",
        "transcribed by",
    ),
    "fr": (
        "merci d'avoir regardé cette vidéo",
        "merci d'avoir regardé",
        "abonnez-vous",
        "sous-titres réalisés par",
        "sous-titrage st' 501",
        "sous-titrage société radio-canada",
        "sous-titrage fr",
    ),
    "de": (
        "vielen dank fürs zuschauen",
        "danke fürs zuschauen",
        "vielen dank für die aufmerksamkeit",
        "untertitel der amara",
        "untertitel im auftrag des",
        "untertitelung des",
        "untertitel von",
    ),
    "es": (
        "gracias por ver el video",
        "gracias por ver este video",
        "suscríbete al canal",
        "suscríbete",
        "subtítulos realizados por",
        "subtítulos por",
        "no olvides suscribirte",
    ),
    "pt": (
        "obrigado por assistir",
        "obrigada por assistir",
        "inscreva-se no canal",
        "se inscreva no canal",
        "legendas pela comunidade",
        "legenda por",
        "legendado por",
    ),
    "it": (
        "grazie per aver guardato il video",
        "grazie per la visione",
        "iscrivetevi al canale",
        "iscriviti al canale",
        "sottotitoli creati dalla comunità",
        "sottotitoli e revisione a cura di",
        "sottotitoli a cura di",
    ),
    "nl": ("bedankt voor het kijken", "ondertiteld door", "ondertitels ingediend door"),
    "pl": ("dziękuję za oglądanie", "dzięki za oglądanie", "napisy stworzone przez"),
    "cs": ("titulky vytvořil", "děkuji za pozornost"),
    "ru": (
        "продолжение следует",
        "спасибо за просмотр",
        "подписывайтесь на канал",
        "субтитры сделал",
        "субтитры создавал",
        "субтитры делал",
        "редактор субтитров",
    ),
    "uk": ("дякую за перегляд", "підписуйтесь на канал", "дякуємо за перегляд", "субтитрувальниця"),
    "sv": ("svensktextning", "textning stina hedin", "tack för att ni tittade"),
    "nb": ("teksting av", "takk for at du så på", "undertekster av"),
    "da": ("tak fordi du så med", "danske tekster af"),
    "fi": ("kiitos kun katsoit", "tekstitys"),
    "el": ("υπότιτλοι authorwave", "ευχαριστώ που παρακολουθήσατε"),
    "ro": ("vă mulțumesc pentru vizionare", "mulțumesc pentru vizionare", "să vă abonați"),
    "hu": ("köszönöm, hogy megnézted", "köszönöm a figyelmet"),
    "tr": ("izlediğiniz için teşekkür ederim", "abone olmayı unutmayın", "altyazı m k"),
    "vi": ("cảm ơn các bạn đã theo dõi", "hãy subscribe cho kênh", "đăng ký kênh"),
    "id": ("terima kasih telah menonton", "terima kasih sudah menonton"),
    "ar": (
        "اشتركوا في القناة",
        "لا تنسوا الاشتراك في القناة",
        "ترجمة نانسي قنقر",
        "شكرا للمشاهدة",
        "شكرا على المشاهدة",
        "ترجمة وتدقيق",
    ),
    "fa": ("ممنون که تماشا کردید", "زیرنویس از", "لطفا کانال را سابسکرایب کنید"),
    "he": ("תודה שצפיתם", "תודה על הצפייה", "תורגם על ידי", "כתוביות על ידי"),
    "hi": ("देखने के लिए धन्यवाद", "चैनल को सब्सक्राइब"),
    "zh": (
        "字幕由",
        "字幕志愿者",
        "字幕提供者",
        "中文字幕",
        "谢谢观看",
        "謝謝觀看",
        "感谢观看",
        "请不吝点赞",
        "訂閱我的頻道",
        "优优独播剧场",
    ),
    "ja": ("ご視聴ありがとうございました", "ご視聴ありがとうございます", "チャンネル登録"),
    "ko": ("시청해주셔서 감사합니다", "시청해 주셔서 감사합니다", "구독과 좋아요", "자막 제공"),
    "any": ("amara org", "dimatorzok", "castingwords", "zeoranger", "otter ai", "qtss"),
}
"""By language; each is looked for in every text, as the model invents across languages too."""


_ALONE_PHRASES = (
    "you", "thank you", "thank you very much", "thank you so much", "thanks", "bye",
    "bye bye", "okay", "oh", "hmm", "merci", "merci beaucoup", "danke", "vielen dank",
    "danke schön", "gracias", "muchas gracias", "obrigado", "obrigada", "muito obrigado",
    "grazie", "grazie mille", "dank je", "bedankt", "dziękuję", "děkuji", "спасибо",
    "дякую", "tack", "takk", "tak", "kiitos", "ευχαριστώ", "mulțumesc", "köszönöm",
    "teşekkürler", "cảm ơn", "terima kasih", "شكرا", "شكرا لكم", "ممنون", "متشکرم",
    "תודה", "תודה רבה", "धन्यवाद", "谢谢", "謝謝", "ありがとうございました", "감사합니다",
)  # fmt: skip
"""What Whisper writes most of all over murmurs and rustling; a doubt where it stands alone."""


def _forms(row: Sequence[Token]) -> tuple[str, ...]:
    return tuple(part for token in row for part in token.form.split("."))


@lru_cache(maxsize=1)
def _sought() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases as token forms, by their first; read when first asked for."""
    sought: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in (one for phrases in _PHRASES.values() for one in phrases):
        key = _forms(tokens(phrase))
        sought[key[0]] = (*sought.get(key[0], ()), key)
    return sought


def invented_phrase(row: Sequence[Token]) -> tuple[int, int] | None:
    """The first place of `row` where a phrase of the table stands, the longest one there.

    Returns its token range, half-open, or None. Case, accents and punctuation do not count.
    """
    forms = [token.form for token in row]
    table = _sought()
    for start, form in enumerate(forms):
        sought = table.get(form, ())
        fitting = [len(one) for one in sought if tuple(forms[start : start + len(one)]) == one]
        if fitting:
            return start, start + max(fitting)
    return None


@lru_cache(maxsize=1)
def _alone() -> frozenset[tuple[str, ...]]:
    return frozenset(_forms(tokens(one)) for one in _ALONE_PHRASES)


def invented_alone(row: Sequence[Token]) -> bool:
    """Whether `row` is nothing but one short phrase that is often invented."""
    return tuple(token.form for token in row) in _alone()
