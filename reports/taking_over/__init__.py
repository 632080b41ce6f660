"""Reports of another system: its words read by a map, each row checked, taken over once."""
