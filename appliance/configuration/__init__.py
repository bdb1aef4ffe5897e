"""Settings: one schema, the file, the overlay, UCI."""
