"""Changes of the tables of uploads."""
