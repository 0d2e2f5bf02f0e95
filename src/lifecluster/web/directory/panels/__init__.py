"""Panels that the directory puts on pages of the web app."""
