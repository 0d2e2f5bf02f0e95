"""Claims: what the region says of itself, computed when a package is accepted and read by pages as plain values."""
