"""What the sheets around the model share: the figures, where everything stands, sources in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.reports.live.book import Page
from vs_toolkit.reports.live.figures import Figures
from vs_toolkit.reports.live.model import ModelSheets
from vs_toolkit.reports.live.places import Places

EVIDENCE = {
    "customer_figure": "Customer figure",
    "customer_verified": "Confirmed by the customer",
    "benchmark": "Benchmark",
    "our_estimate": "Estimate",
}
RESULTS, CHECKS = "Results", "Checks"


@dataclass(frozen=True)
class Sheets:
    """What every sheet around the model is written from."""

    own: Figures
    at: Places
    model: ModelSheets
    as_of: date
    edition: str

    @property
    def case(self) -> BusinessCase:
        """The business case."""
        return self.own.case

    def source(self, page: Page, row: int, first: int, source: dict[str, object]) -> None:
        """Write where a number comes from, from a column on: kind, reference, by whom and when confirmed."""
        page.put(row, first, EVIDENCE.get(str(source["evidence"]), ""))
        for column, name in enumerate(("reference", "confirmed_by", "confirmed_on"), first + 1):
            value = source[name]
            known = isinstance(value, str | date)
            page.put(row, column, value if known else "", "day" if isinstance(value, date) else "wrapped")


def finish(chart: Any, title: str, axis: str) -> None:
    """Give a chart its title, axes and size."""
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    number = {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
    chart.set_y_axis(number)
    chart.set_x_axis({"label_position": "low", "name": axis, "interval_unit": 12 if axis else 1})
    chart.set_size({"width": 700, "height": 300 if axis else 430})
