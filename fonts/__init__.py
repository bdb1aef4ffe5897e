"""Packed bitmap fonts, their licences, and the script that builds them from their sources."""
