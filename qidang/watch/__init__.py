"""监控: whether all of it works."""
