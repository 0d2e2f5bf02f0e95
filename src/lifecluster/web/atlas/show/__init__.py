"""What pages of the atlas show: drawings, tables, words."""
