"""What is kept: conversations, facts, settings changed, words learnt."""
