"""Outlook: the forecast, how forecasts did in the past, and the money that follows."""
