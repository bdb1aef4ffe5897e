"""Engines behind contracts. They run in workers only; the main process imports none."""
