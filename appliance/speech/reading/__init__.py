"""How Chinese text is read: words, their syllables, and the readings of polyphones."""
