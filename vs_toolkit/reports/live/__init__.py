"""The live workbook: a business case, a plan or a forecast as a model whose results recalculate."""

from vs_toolkit.reports.live.workbook import live_workbook, write_model

__all__ = ["live_workbook", "write_model"]
