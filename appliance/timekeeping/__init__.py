"""The time of day: whether it can be trusted, and how a user sets it."""
