"""审批: a route of steps, whom each asks, and the decisions taken, about any subject (kind and uid)."""
