"""The virtual front panel: the same firmware on a PC, in a terminal."""
