"""Pages one enters from the menu: each knows its view and what its keys do."""
