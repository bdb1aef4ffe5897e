"""Engines prove themselves in a child process before they are trusted.

`child` is the process, with one module for each kind of engine; `proof` starts it and understands
how it ends; `prover` does so behind a running box and narrows what fails.
"""
