"""Every component with invented data, in one page; only in dev and test mode. The browser tests look at it."""
