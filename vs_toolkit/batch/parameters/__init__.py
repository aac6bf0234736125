"""Parameters of a notebook: what its parameters cells declare, what is given, how it gets there."""

from vs_toolkit.batch.parameters.declared import Computed, Parameter, read_parameters
from vs_toolkit.batch.parameters.help import describe
from vs_toolkit.batch.parameters.injection import assignments, inject
from vs_toolkit.batch.parameters.values import check, convert

__all__ = [
    "Computed", "Parameter", "assignments", "check", "convert", "describe", "inject", "read_parameters",
]  # fmt: skip
