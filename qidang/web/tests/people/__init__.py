"""Page tests."""
