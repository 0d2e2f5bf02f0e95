"""Templates rendered by functions: the same markup as Django's own rendering, several times sooner."""
