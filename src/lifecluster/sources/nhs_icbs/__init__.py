"""NHS integrated care boards."""
