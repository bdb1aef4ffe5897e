"""Building the data files from their named sources; the box needs none of it."""
