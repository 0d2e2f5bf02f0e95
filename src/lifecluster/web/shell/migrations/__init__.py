"""Tables of the shell."""
