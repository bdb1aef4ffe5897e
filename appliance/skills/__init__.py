"""What the box answers or does by itself, without the language model: one file a skill."""
