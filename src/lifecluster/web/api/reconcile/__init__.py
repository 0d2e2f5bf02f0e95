"""Reconciliation Service API 0.2: match rows of a table to organisations, and fetch values for them.

Specification: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""
