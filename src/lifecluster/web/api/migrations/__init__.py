"""Changes of the tables of claims, in order."""
