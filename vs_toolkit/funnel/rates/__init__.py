"""Rates: what a stage is worth, by age, segment, person and kind of opportunity."""
