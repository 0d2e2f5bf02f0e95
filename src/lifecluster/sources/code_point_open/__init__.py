"""OS Code-Point Open."""
