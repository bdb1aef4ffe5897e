"""Worker processes that can die: audio, asr, tts, llm; and how main talks to them."""
