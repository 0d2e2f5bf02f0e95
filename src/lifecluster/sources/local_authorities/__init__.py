"""Codes of local authorities, past and present."""
