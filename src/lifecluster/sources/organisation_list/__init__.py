"""Anybody's list of organisations."""
