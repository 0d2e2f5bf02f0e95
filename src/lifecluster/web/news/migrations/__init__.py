"""Tables of news."""
