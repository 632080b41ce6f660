"""Loading a municipality from a folder of data, a demonstration on top of it, and real boundaries later."""

FURTHER: list[str] = []
"""Dotted names of what apps above load into a demonstration: (load, folder, people, now). Names, so that nothing is read at start."""
ALSO: list[str] = []
"""Dotted names of what apps above load with a municipality: (load, folder), after everything else."""
