"""How well the desk hears, measured with its own whole pipeline on sets whose words are known.

`sets` reads a folder of sound with its references (`material` holds the values, `references` the
files, `known_sets` the layouts of some corpora); `hear` hears every item in a scratch desk, as the
commands do; `listening` scores pure values against pure values, with the scorers of the field
behind `scorers`; `report` prints a table and writes JSON. The scorers are the extra `evaluation`
and are loaded when the first score is wanted.

To add a measure: a function in `listening` that counts what can be added up over items, its field
in `ItemScore` with its line in `total`, its columns in `report`, and its description in
docs/reference/evaluation-sets.md.
"""
