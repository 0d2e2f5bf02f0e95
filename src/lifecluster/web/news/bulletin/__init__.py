"""The bulletin: gathered from what is new, edited by the desk, sent once to each who wants it, kept on the web."""
