"""Business cases and value models: documents that are read, checked and frozen."""
