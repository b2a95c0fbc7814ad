"""FFmpeg's libraries and nothing else: probe, decode, cut, captions, proxies, fixity.

Media files are hostile. Nothing in this room parses one in the calling process: every function
here starts a child (`python -m offair.media.child`) with limits on memory, CPU time, silence and
protocols, and reads its answer from a pipe. The child dies with its parent.

To add an operation: a module beside this one with a function that runs in the child, an entry in
`child.OPERATIONS`, and a function here that calls it.
"""
