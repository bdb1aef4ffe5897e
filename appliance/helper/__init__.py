"""The root helper beside the box: a fixed list of words, each done with the one right it needs."""
