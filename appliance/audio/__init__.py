"""The pieces of the audio worker: devices, ring, resampling, endpointing, playback."""
