"""How finished model files are made of what was collected; `table` has them by name."""
