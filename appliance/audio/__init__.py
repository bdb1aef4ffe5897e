"""The pieces of the audio worker: devices, ring, VAD, endpointing, playback."""
