"""The themes of the sample: each reads the spine, draws from a stream of its own, and changes no other."""
