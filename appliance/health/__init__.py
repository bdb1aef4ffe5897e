"""Heat, power and memory of the machine."""
