"""`offair reindex` on the command line."""

from __future__ import annotations

from installation import SAMPLES, Installation


def test_reindex_makes_the_index_and_mends_it(installation: Installation) -> None:
    installation.run("import", SAMPLES / "souq-ar.vtt", "--channel", "Souq", "--language", "ar")
    (done,) = installation.facts("reindex")
    assert (done["layers"], done["behind"]) == (1, 0)
    assert done["words"] > 10
    shards = installation.data / "index" / "shards"
    data = next(one for one in sorted(shards.rglob("quotation/*")) if one.stat().st_size)
    data.write_bytes(data.read_bytes()[:-1] + b"?")
    said = installation.run("reindex", "--verify").stdout
    assert "1 damaged part made anew" in said
    assert f"{done['words']:,} words can be searched" in said
