"""库, bytes by SHA-256, stored once, encrypted."""
