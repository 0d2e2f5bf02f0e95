"""Pages and feeds of news."""
