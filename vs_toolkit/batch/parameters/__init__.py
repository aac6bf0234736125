"""A notebook's parameters: what its first cell declares, what is given, and how it reaches the notebook."""

from vs_toolkit.batch.parameters.cell import read_parameters
from vs_toolkit.batch.parameters.help import describe
from vs_toolkit.batch.parameters.injection import assignments, inject
from vs_toolkit.batch.parameters.parameter import Computed, Parameter, check, convert

__all__ = [
    "Computed",
    "Parameter",
    "assignments",
    "check",
    "convert",
    "describe",
    "inject",
    "read_parameters",
]
