"""Pages of members, and of the desk about them."""
