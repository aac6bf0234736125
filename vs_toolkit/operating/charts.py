"""Drawings of the operating model: each is one form with its finding as title."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import BLUE, forms
from vs_toolkit.operating import findings
from vs_toolkit.operating.study import OperatingModel

LETTERS = {"A": BLUE, "AR": BLUE, "R": "#9ecae1", "S": "#dbe9f4"}
CORNERS = ("Numbers driven", "Process driven", "On your own", "Individual productivity")
WEAKEST = 12
SYSTEMS = 12


def grid(ax: Axes, m: OperatingModel, process: str) -> Axes:
    """ARSCI grid of one process; activities without exactly one A or without an R are outlined."""
    duties, found = m.grids[process], m.violations[process]
    wrong = {*found.no_accountable, *found.several_accountable, *found.no_responsible}
    cells = [(str(a), str(r)) for a in duties.index if a in wrong for r in duties.columns]
    cells += [(str(a), r) for a in duties.index for r in found.role_without_duty if str(a) not in wrong]
    return forms.matrix(ax, duties, title=findings.grid(process, found), colours=LETTERS, outlined=cells)


def lanes(ax: Axes, m: OperatingModel) -> Axes:
    """Our process under that of the customer."""
    return forms.swimlanes(ax, m.lanes, title=findings.process(m))


def accountable(ax: Axes, m: OperatingModel) -> Axes:
    """Share of activities for which each person answers."""
    shares = m.accountable["share"].head(WEAKEST)
    shares = shares.set_axis([m.names.get(str(key), str(key)) for key in shares.index])
    return forms.bars(ax, shares, "share", title=findings.held(m), strong=list(shares.index[:1]))


def culture(ax: Axes, m: OperatingModel) -> Axes:
    """Units by use of common processes and centralisation, with arrows where the business pushes."""
    frame = m.cultures.assign(label=m.cultures.index)[["x", "y", "label", "to_x", "to_y"]]
    return forms.scatter(
        ax, frame, title=findings.culture(m), x_label="use of common processes, 1 to 5",
        y_label="centralisation, 1 to 5", x_divide=3.0, y_divide=3.0, corners=CORNERS,
        x_limits=(0.8, 5.2), y_limits=(0.8, 5.2),
    )  # fmt: skip


def chapters(ax: Axes, m: OperatingModel) -> Axes:
    """Share of yes by chapter, now and in the last round, with the units behind it."""
    units = m.units.reindex(m.chapters.index)
    return forms.dumbbell(
        ax, m.chapters[["before", "after"]], "share", title=findings.assessed(m),
        labels=("last round", "now"), others=units if units.shape[1] > 1 else None, others_label="units",
        label="share of yes",
    )  # fmt: skip


def weakest(ax: Axes, m: OperatingModel) -> Axes:
    """Statements with the smallest share of yes."""
    table = m.statements.head(WEAKEST)[["before", "after"]]
    title = "Statements with the lowest share of yes" if len(table) else findings.assessed(m)
    return forms.dumbbell(ax, table, "share", title=title, labels=("last round", "now"), label="share of yes")


def units(ax: Axes, m: OperatingModel) -> Axes:
    """Share of yes by chapter and unit."""
    return forms.matrix(ax, m.units, "share", title=findings.different(m) or findings.assessed(m))


def use(ax: Axes, m: OperatingModel) -> Axes:
    """Systems in each unit by how many use them and how fully."""
    rows = m.use
    frame = pd.DataFrame(
        {"x": rows["breadth"], "y": rows["scope"], "group": rows["system"], "label": rows["unit"]}
    )
    return forms.scatter(
        ax, frame, title=findings.adopted(m), x_label="people who use it",
        y_label="part of its scope that is used",
        x_unit="share", y_unit="share", x_limits=(0, 1.05), y_limits=(0, 1.05), x_divide=0.5, y_divide=0.5,
    )  # fmt: skip


def adoption(ax: Axes, m: OperatingModel) -> Axes:
    """Adoption of each system over time."""
    title = "Adoption of systems over time: people who use them × part of the scope used"
    return forms.lines(ax, m.adoption, "share", title=title)
