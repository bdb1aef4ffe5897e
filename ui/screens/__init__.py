"""One file a screen: a view: what it needs to be drawn, and how it is drawn."""
