"""合同, the deal."""
