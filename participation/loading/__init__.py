"""Sample events for demonstrations."""
