"""Pages: each view reads through `reads` or `search`, makes components, and renders a template."""
