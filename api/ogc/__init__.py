"""OGC API – Features under `/ogc/`: what is public as collections that a GIS opens."""
