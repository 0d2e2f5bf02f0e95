"""Merging and splitting organisations: the desk judges that two are one, or that one is two, sees before what would
change, and takes it back without a trace. See docs/decisions/0019-merge-and-split.md."""
