"""The exchange layout."""
