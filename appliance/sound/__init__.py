"""Samples as such: how loud they are, at another rate, in WAV files."""
