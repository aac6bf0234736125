"""Funnel calibration: what a status is really worth, and the order flow that follows (book, chapter 7)."""
