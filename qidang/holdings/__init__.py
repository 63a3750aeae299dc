"""馆藏, the archive proper."""
