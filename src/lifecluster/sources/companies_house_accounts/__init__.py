"""Accounts filed at Companies House in XBRL and inline XBRL."""
