"""Universities, research organisations, Catapults."""
