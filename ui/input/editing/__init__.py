"""The editor behind the keypad: text, modes, and the lists that digits pick from."""
