"""How well Chinese is read aloud: `python -m bench.reading`."""
