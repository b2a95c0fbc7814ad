"""Which macrolanguage a variety belongs to: engines know `ar` where a channel says `acm`.

Source: the macrolanguage mappings of ISO 639-3, for the languages that recognisers know.
"""

from __future__ import annotations

_OF = {
    "acm": "ar", "acw": "ar", "aeb": "ar", "afb": "ar", "ajp": "ar", "apc": "ar", "apd": "ar",
    "arb": "ar", "arq": "ar", "ars": "ar", "ary": "ar", "arz": "ar", "ayl": "ar",
    "azb": "az", "azj": "az", "ckb": "ku", "kmr": "ku", "cmn": "zh", "ekk": "et", "fil": "tl",
    "gug": "gn", "khk": "mn", "lvs": "lv", "nb": "no", "nn": "no", "npi": "ne", "pbt": "ps",
    "pbu": "ps", "pes": "fa", "plt": "mg", "prs": "fa", "swh": "sw", "uzn": "uz", "ydd": "yi",
    "zlm": "ms", "zsm": "ms",
    "in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro",
}  # fmt: skip
"""Primary subtag → macrolanguage; also ISO 639-1 codes that were withdrawn."""


def macrolanguage(tag: str) -> str:
    """The primary subtag of a BCP 47 tag, or its macrolanguage: `acm`, `ar-EG` → `ar`."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return _OF.get(primary, primary)
