"""Which languages a model knows, by its name, and how a tag is looked up."""

from __future__ import annotations

from offair.engines.macrolanguages import macrolanguage

EUROPEAN = frozenset(
    {
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it", "lt", "lv",
        "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk",
    }
)  # fmt: skip
"""The 25 languages on the cards of NVIDIA's Parakeet TDT 0.6B v3 and Canary 1B v2."""
_ENGLISH = frozenset({"en"})
_RUSSIAN = frozenset({"ru"})
_CENTRAL_ASIAN = frozenset({"en", "kk", "ky", "ru", "uz"})
ONNX_ASR = {
    "nemo-parakeet-tdt-0.6b-v3": EUROPEAN,
    "nemo-canary-1b-v2": EUROPEAN,
    "nemo-parakeet-tdt-0.6b-v2": _ENGLISH,
    "nemo-parakeet-ctc-0.6b": _ENGLISH,
    "nemo-parakeet-rnnt-0.6b": _ENGLISH,
    "nemo-fastconformer-ru-ctc": _RUSSIAN,
    "nemo-fastconformer-ru-rnnt": _RUSSIAN,
    "gigaam-v2-ctc": _RUSSIAN,
    "gigaam-v2-rnnt": _RUSSIAN,
    "gigaam-v3-ctc": _RUSSIAN,
    "gigaam-v3-rnnt": _RUSSIAN,
    "gigaam-v3-e2e-ctc": _RUSSIAN,
    "gigaam-v3-e2e-rnnt": _RUSSIAN,
    "gigaam-multilingual-ctc": _CENTRAL_ASIAN,
    "gigaam-multilingual-large-ctc": _CENTRAL_ASIAN,
    "alphacep/vosk-model-ru": _RUSSIAN,
    "alphacep/vosk-model-small-ru": _RUSSIAN,
    "t-tech/t-one": _RUSSIAN,
}
"""Name of a model in onnx-asr → what its card says it knows. What is not here is not known."""


def broader(language: str) -> tuple[str, ...]:
    """The tag, and what it is a part of, most exact first, in lower case.

    `ar-IQ` → `ar-iq`, `ar`; a member of a macrolanguage is a part of that: `acm` → `acm`, `ar`.
    """
    parts = language.replace("_", "-").lower().split("-")
    tags = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    macro = macrolanguage(language)
    return (*tags, macro) if macro not in tags else tuple(tags)


def english_alone(engine: str, model: str) -> bool:
    """Whether a model is known, by its name, to hear English and nothing else."""
    if engine == "onnx-asr":
        return ONNX_ASR.get(model) == _ENGLISH
    if engine == "faster-whisper":
        name = model.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower()
        # OpenAI's names end so; of the distilled ones the large know English alone as well.
        return name.endswith(".en") or "distil-large" in name
    return False
