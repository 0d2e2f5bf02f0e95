"""register/linkage."""
