"""How fast and how exact the atlas is: every figure beside its target."""
