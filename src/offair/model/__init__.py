"""The nouns of the desk: values only, standard library only.

Every other room imports from here; this room imports nothing of ours. Values are frozen
dataclasses; columns of words are `array.array`. Import from the module that defines a noun
(`offair.model.recording.Recording`), not from here: the room has no re-exports.
"""
