"""The commands, one module a room; `lifecluster.cli` joins them."""
