"""Parts on the bus: displays, keypads, the service console. Knows nothing above it."""
