"""The example company: of any size, and with the truth that made it."""
