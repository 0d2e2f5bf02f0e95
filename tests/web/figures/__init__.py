"""Claims in the web app."""
