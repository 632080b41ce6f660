"""Where reports lie: the grid, the summaries over it, the one reader of clusters and counts, the SQL of tiles."""
