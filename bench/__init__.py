"""`make bench`: the site measured against the database's own limit and its peers, on seeded data of a chosen size."""

import sys
from pathlib import Path

# The scripts of deploy/ see each other as modules of one folder; so does the benchmark, which starts what they start.
sys.path.append(str(Path(__file__).resolve().parent.parent / "deploy"))
