"""Personal tokens: made, checked and taken back; programs use them in place of a session."""
