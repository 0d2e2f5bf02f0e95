"""Generators and timed comparisons. Nothing here is part of the installed package."""
