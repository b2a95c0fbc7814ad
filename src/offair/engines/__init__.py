"""Models that make claims about sound and speech, one room per task, each behind its door.

* `activity`: which stretches are speech, and where to cut them into chunks.
* `languages`: which language a stretch is in.
* `speech`: the words of one chunk.
* `speakers`: who speaks when.
* `translation`: sentences into another language.

Each door (`__init__`) says what its room is and how to add an engine, and holds the Protocol and
the table of names. A door loads no model library: those are imported by an engine's constructor.
`hosting` keeps engines in processes of their own; rooms never import one another.
"""
