"""From an idea to a decision: what was filed with the Council, who stands behind it, how far it is."""
