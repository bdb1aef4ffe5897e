"""Which engines run in which workers, with what, and who starts them."""
