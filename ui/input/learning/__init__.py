"""What typing teaches: words, pairs, fixes, how they are kept and what costs they become."""
