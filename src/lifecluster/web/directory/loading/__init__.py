"""From a package to rows: what the tables hold, what differs from the rows shown now, and writing it."""
