"""Business Register and Employment Survey."""
