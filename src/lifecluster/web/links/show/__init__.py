"""What pages of link reviews show, made ready for templates."""
