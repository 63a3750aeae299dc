"""检索, one index, one query language."""
