"""What-if beside the customer: sliders and number boxes for the numbers of a value, and what it is then.

A subject says what its numbers are and what follows from them (:class:`Session`); the widgets are the same.
"""

from vs_toolkit.charts.what_if.session import Confirmation, Control, Session, new_file, show

__all__ = ["Confirmation", "Control", "Session", "new_file", "show"]
