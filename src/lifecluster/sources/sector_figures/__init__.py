"""Published figures of the sector."""
