"""One file a screen: a pure function from its view state to a frame."""
