"""收集, how papers get in."""
