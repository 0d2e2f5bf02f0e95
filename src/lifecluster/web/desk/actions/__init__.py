"""Everything that changes what the desk keeps: one function each, a module for each theme, used alike by pages and API.

Each asks for the permission first and writes the audit in the same transaction as its change. Of people the audit says
that something changed, not what.
"""
