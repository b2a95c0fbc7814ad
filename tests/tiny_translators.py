"""Translation models made in a test: small enough to build, real enough to load and run."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs.transformer_spec import TransformerSpec

SENTENCES = (
    "o um dois tres quatro cinco seis sete oito nove dez casa pão rua dia bom azul moinho\n"
    "the one two three four five six seven eight nine ten house bread street day good blue\n"
    "0 1 2 3 4 5 6 7 8 9 hello world não sim água . , ! ? “ ” ‘ ’ - ( ) % مرحبا العالم 你好\n"
)
ANSWER = ["▁hello", "▁world"]
"""What such a model says to everything; two tokens of `add_pieces`'s model."""


def add_pieces(path: Path) -> list[str]:
    """Train a sentencepiece model of characters and a few words; returns its tokens."""
    text = path.with_suffix(".txt")
    text.write_text(SENTENCES * 20, encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(path.with_suffix("")), vocab_size=160,
        model_type="unigram", character_coverage=1.0, hard_vocab_limit=False,
        user_defined_symbols=ANSWER, minloglevel=2,
    )  # fmt: skip
    made = path.with_suffix(".model")
    if made != path:
        made.rename(path)
    text.unlink()
    pieces: Any = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [pieces.id_to_piece(one) for one in range(pieces.get_piece_size())]


def add_transformer(folder: Path, tokens: list[str], *, ends: bool, endless: bool = False) -> None:
    """Write a Transformer in CTranslate2's form whose every answer is `ANSWER`.

    Each token's embedding is a unit vector, attention and feed-forward add nothing, and the output
    layer leads from each token of the answer to the next: `</s>` begins it and ends it. ends:
    whether the library adds the end of a sentence itself. endless: it repeats its answer till it
    is stopped.
    """
    width, heads = -(-len(tokens) // 8) * 8, 8
    spec = TransformerSpec.from_config((1, 1), heads)
    rng = np.random.default_rng(8914)
    _fill(spec, width)
    embedding = np.eye(len(tokens), width, dtype=np.float32)
    spec.encoder.embeddings[0].weight = embedding + rng.normal(0, 0.01, embedding.shape).astype(
        np.float32
    )
    spec.decoder.embeddings.weight = embedding * 10
    output = np.zeros((len(tokens), width), dtype=np.float32)
    chain = ["</s>", *ANSWER, ANSWER[0] if endless else "</s>"]
    for one, following in pairwise(chain):
        output[tokens.index(following), tokens.index(one)] = 50
    spec.decoder.projection.weight = output
    bias = np.zeros(len(tokens), dtype=np.float32)
    bias[tokens.index("</s>")] = -10_000 if endless else 0
    spec.decoder.projection.bias = bias
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.add_source_eos = ends
    spec.config.decoder_start_token = "</s>"
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def _fill(spec: Any, width: int) -> None:
    """Weights of a layer that adds nothing: norms are plain, all matrices zero."""
    for side in (spec.encoder, spec.decoder):
        for layer in side.layer:
            _attention(layer.self_attention, width, 3)
            if hasattr(layer, "attention"):
                _attention(layer.attention, width, None)
            _norm(layer.ffn.layer_norm, width)
            for linear, shape in (
                (layer.ffn.linear_0, (4 * width, width)),
                (layer.ffn.linear_1, (width, 4 * width)),
            ):
                _zero(linear, shape)
        _norm(side.layer_norm, width)


def _attention(attention: Any, width: int, joined: int | None) -> None:
    _norm(attention.layer_norm, width)
    sizes = (3, 1) if joined else (1, 2, 1)
    for linear, times in zip(attention.linear, sizes, strict=True):
        _zero(linear, (times * width, width))


def _norm(norm: Any, width: int) -> None:
    norm.gamma = np.ones(width, dtype=np.float32)
    norm.beta = np.zeros(width, dtype=np.float32)


def _zero(linear: Any, shape: tuple[int, int]) -> None:
    linear.weight = np.zeros(shape, dtype=np.float32)
    linear.bias = np.zeros(shape[0], dtype=np.float32)


def opus_model(folder: Path, *, targets: bool = False, endless: bool = False) -> Path:
    """A folder like an OPUS-MT model's; with `targets`, of one that translates into several."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = add_pieces(folder / "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    named = [*tokens, *([">>eng<<", ">>fra<<"] if targets else [])]
    add_transformer(folder, named, ends=True, endless=endless)
    return folder


def madlad_model(folder: Path) -> Path:
    """A folder like a MADLAD-400 model's, which takes `<2en>` and `<2fr>`."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = [*add_pieces(folder / "spiece.model"), "<2en>", "<2fr>"]
    add_transformer(folder, tokens, ends=False)
    return folder
