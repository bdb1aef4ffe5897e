"""The appliance: the main loop, the dialogue, the workers and what supervises them."""

__version__ = "0.1.0"
