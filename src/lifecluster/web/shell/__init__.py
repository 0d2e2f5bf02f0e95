"""What surrounds every page: rooms and their navigation, panels, headers, theme, error pages, static files of npm."""
