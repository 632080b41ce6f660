"""Everything public as files: written each night, described once, listed for people and for catalogues."""
