"""How fast: generation, the proof of the variants, and a generated service."""
