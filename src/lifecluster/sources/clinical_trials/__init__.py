"""Clinical trials."""
