"""Version 1 of the REST API: everything public, read-only."""
