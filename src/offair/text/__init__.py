"""Pure functions over words: tokens, numbers, sentences, turns, and what differs between texts.

Nothing here reads a file, keeps a state or knows an engine; the room imports the nouns only
(`numpy`, `regex` and `sentencex` beside). Import from the module that holds a function:

* `normalise`, `tokenise`, `numbers`: the one tokeniser, and the numbers its tokens spell;
* `lexicon`: which words are negations, units, modals, … in the languages we know;
* `sentences`, `attribute`, `captions`, `caption_turns`: sentence ranges, words to turns, turns
  to caption cues and back;
* `word_voices`, `caption_alignment`, `caption_voices`: which voice says each word, by a diariser's
  spans or by the changes of speaker that captions print;
* `name_hints`, `name_patterns`: names that are said, or captioned, for a voice;
* `printed`, `costs`, `align`, `difference`: a printed quotation held against what was said.
"""
