"""Version 1: one resource, one file."""
