"""Publicly funded research."""
