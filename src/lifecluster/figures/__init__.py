"""Figures as claims: what a region says of itself, computed, with interval, rows, history and verdict.

A claim is a YAML file; `compute` evaluates it on `Inputs`; `history` keeps what came out; `completeness` estimates what
the register misses; `disclosure` decides which cells of a table may be shown. No Django inside.
"""
