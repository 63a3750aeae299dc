"""Pages of taking in."""
