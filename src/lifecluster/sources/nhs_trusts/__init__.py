"""NHS trusts."""
