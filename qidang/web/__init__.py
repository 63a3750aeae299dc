"""页面, every page."""
