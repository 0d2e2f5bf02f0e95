"""The register in the database: loading packages, reading with evidence, searching.

Pages, API and command line call `reads`, `search` and `actions`; see docs/reference/web-data.md.
"""
