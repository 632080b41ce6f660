"""PostGIS as Django speaks to it, without a question before every request whether the server is still there."""
