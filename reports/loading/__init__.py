"""Loading a municipality from a folder of data, a demonstration on top of it, and real boundaries later."""
