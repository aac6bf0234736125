"""Value-selling workbench: inputs, finance, subjects, reports and the batch that makes them."""

__version__ = "0.1.0"
