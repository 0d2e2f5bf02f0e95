"""Lifecluster: an evidenced register of a region's life sciences, and the answers that rest on it."""

__version__ = "0.1.0"
