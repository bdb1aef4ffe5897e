"""The front of the box: what keys do, what the glass shows, and who may look at it."""
