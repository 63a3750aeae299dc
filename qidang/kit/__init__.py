"""small tools without opinions."""
