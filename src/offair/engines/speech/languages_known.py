"""Language tags as models know them, and which languages a model says it knows.

A model's training data names a macrolanguage (`ar`, `zh`, `no`) where a broadcast is tagged by its
member (`acm`, `cmn`, `nb`).
"""

from __future__ import annotations

_MACRO = {
    "aao": "ar", "abh": "ar", "abv": "ar", "acm": "ar", "acq": "ar", "acw": "ar", "acx": "ar",
    "acy": "ar", "adf": "ar", "aeb": "ar", "aec": "ar", "afb": "ar", "ajp": "ar", "apc": "ar",
    "apd": "ar", "arb": "ar", "arq": "ar", "ars": "ar", "ary": "ar", "arz": "ar", "auz": "ar",
    "avl": "ar", "ayh": "ar", "ayl": "ar", "ayn": "ar", "ayp": "ar", "pga": "ar", "shu": "ar",
    "ssh": "ar", "cmn": "zh", "nb": "no", "nn": "no", "pes": "fa", "prs": "fa", "ekk": "et",
    "lvs": "lv", "zsm": "ms", "swh": "sw", "uzn": "uz", "azj": "az", "khk": "mn", "npi": "ne",
    "als": "sq", "ydd": "yi", "plt": "mg", "hau": "ha", "pbt": "ps", "pst": "ps", "pbu": "ps",
    "kmr": "ku", "ckb": "ku", "fil": "tl", "sr-me": "cnr",
}  # fmt: skip
"""Member → macrolanguage, as ISO 639-3 groups them; Filipino beside Tagalog, as models do."""
_OLD = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr", "no-bok": "nb"}
"""Withdrawn codes → those in use (the subtag registry of BCP 47)."""


def broader(language: str) -> tuple[str, ...]:
    """The tag, and what it is a part of, most exact first, in lower case: `ar-IQ`, `ar`."""
    parts = language.replace("_", "-").lower().split("-")
    parts[0] = _OLD.get(parts[0], parts[0])
    tags = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    macro = _MACRO.get(parts[0])
    if macro is not None:
        tags.append(macro)
    return tuple(tags)


def english_alone(engine: str, model: str) -> bool:
    """Whether a model is known, by its name, to hear English and nothing else."""
    name = model.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower()
    if engine == "faster-whisper":
        # OpenAI's names end so; of the distilled ones the large know English alone as well.
        return name.endswith(".en") or "distil-large" in name
    return False
