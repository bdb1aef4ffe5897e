"""The first hour with Lory, as a newcomer has it."""
