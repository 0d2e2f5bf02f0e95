"""Changes of the tables of people."""
