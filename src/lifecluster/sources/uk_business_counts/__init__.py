"""UK business counts."""
