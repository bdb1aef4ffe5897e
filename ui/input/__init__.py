"""Input methods: sentence-level T9 pinyin, T9 and multi-tap English, digits, symbols."""
