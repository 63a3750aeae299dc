"""样例: invented contracts for the sample archive, and how they are set on paper."""
