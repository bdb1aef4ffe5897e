"""The 1-bit text interface: view state in, frame out. Knows the fonts and nothing else."""
