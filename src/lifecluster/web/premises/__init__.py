"""Premises and facilities: who has a cleanroom, a laboratory, space to let, and where."""
