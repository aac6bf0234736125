"""The live workbook: a business case as a model whose every result recalculates."""

from vs_toolkit.reports.live.workbook import live_workbook, write_case

__all__ = ["live_workbook", "write_case"]
