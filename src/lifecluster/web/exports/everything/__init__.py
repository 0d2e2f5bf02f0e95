"""Everything the web app knows, in one archive of open formats, and back into an empty instance.

Each table of the database is a Parquet file with its own columns, so tables of rooms that come later are in it without
anybody having to think of it. With them go the packages that the tables came from (with their ledger of identifiers),
the log as JSON Lines, the owner's own sources, and media.
"""
