"""The web app under load: an invented register of any size as a package, and the time it takes to load and read it."""
