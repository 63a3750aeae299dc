"""识读, bytes to text, pages and fields."""
