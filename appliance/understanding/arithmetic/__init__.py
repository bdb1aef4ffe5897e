"""Sums and units: exact, bounded, and told with what was computed."""
