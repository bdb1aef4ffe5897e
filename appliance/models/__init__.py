"""The model catalogue, and the store that fetches, verifies, assembles and converts."""
