"""Measurements. Every bench is `python -m bench.NAME`, with `--json` for one JSON object."""
