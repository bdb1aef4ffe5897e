"""Text made ready for the voice: normalised, cut into clauses, turned into phonemes."""
