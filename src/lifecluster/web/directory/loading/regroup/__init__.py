"""Merges and splits shown at once, over the rows of a package; see docs/decisions/0019-merge-and-split.md."""
