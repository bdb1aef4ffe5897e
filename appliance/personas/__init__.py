"""Who the box is: a name, a system prompt, a voice."""
