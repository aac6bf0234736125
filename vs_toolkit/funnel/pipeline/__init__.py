"""Pipeline: its shape, its steps, what is moving and how many leads are missing."""
