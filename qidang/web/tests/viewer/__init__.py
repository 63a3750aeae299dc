"""Pages of reading a paper."""
