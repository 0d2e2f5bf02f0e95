"""Who may see and do what, and what a table of figures may show, decided here once."""
