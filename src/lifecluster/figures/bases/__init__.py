"""One module a source: which rows stand behind a measure of a place, or why there are none."""
