"""Measurements of the mind. Run as `python -m bench.dialogue`."""
