"""Members: what an organisation says of itself, who belongs to it, and the desk's part in both."""
