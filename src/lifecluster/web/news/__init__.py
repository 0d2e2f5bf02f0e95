"""News, opportunities and events, and the bulletin that is made of them."""
