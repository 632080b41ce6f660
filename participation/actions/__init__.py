"""The only writers of what people take part in."""
