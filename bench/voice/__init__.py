"""The voice, measured: recognition, endpoints, the talk key, stops, latency, compute policy."""
