"""The dialogue: its tables, who performs them; listening, asking, answering, speaking."""
