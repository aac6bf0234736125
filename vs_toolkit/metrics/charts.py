"""Drawings of the report, each a call of a form with its finding as title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import BLACK, BLUE, LIGHT, VERMILLION, forms, headline, name_rows, nothing, style
from vs_toolkit.metrics import findings
from vs_toolkit.metrics.competence import SKILLS, WAY
from vs_toolkit.metrics.measure import measure_named
from vs_toolkit.metrics.scorecard import against_band
from vs_toolkit.metrics.study import Study
from vs_toolkit.metrics.wording import written

SHOWN, DISPUTED = 12, 4


def bridge(ax: Axes, study: Study) -> Axes:
    """Draw the margin bridge."""
    found = study.bridge
    steps = found.steps[found.steps != 0]
    whole = pd.concat([pd.Series({"Last year": found.before}), steps])
    return forms.bridge(
        ax, whole if found.before or found.after else whole.iloc[:0], study.currency,
        title=findings.bridge(study),
        total="This year", start="Last year",
    )  # fmt: skip


@style()
def trends(ax: Axes, study: Study) -> Axes:
    """Draw eight quarters of each selected measure, with the usual band of the seven before the last."""
    headline(ax, findings.trends(study))
    series = {
        name: values.to_numpy(float) for name, values in study.trends.items() if values.notna().sum() > 4
    }
    if not series:
        return nothing(ax)
    for row, (name, values) in enumerate(series.items()):
        low, high, place = against_band(list(values))
        known = np.append(values[~np.isnan(values)], [v for v in (low, high) if not np.isnan(v)])
        bottom, size = known.min(), max(known.max() - known.min(), 1e-12)
        y = row + 0.38 - 0.76 * (values - bottom) / size
        if not np.isnan(low):
            edges = [row + 0.38 - 0.76 * (end - bottom) / size for end in (low, high)]
            ax.fill_between([0, len(values) - 1], *edges, color=LIGHT, alpha=0.6, linewidth=0)
        ax.plot(range(len(values)), y, color=BLACK, linewidth=1.2)
        ax.plot(
            len(values) - 1,
            y[-1],
            "o",
            color=VERMILLION if place in ("above", "below") else BLUE,
            markersize=6,
        )
        text = written(values[-1], measure_named(name), study.currency)
        ax.annotate(text, (len(values) - 1, row), (8, 0), textcoords="offset points", va="center")
    labels = next(iter(study.trends.values())).index
    ax.set_xticks([0, len(labels) - 1], [labels[0], labels[-1]])
    ax.set_xlim(-0.3, len(labels) + 0.8)
    name_rows(ax, [measure_named(name).label for name in series])
    ax.spines["left"].set_visible(False)
    return ax


def units(ax: Axes, study: Study) -> Axes:
    """Draw net sales of each unit beside plan and last year."""
    table = study.cells("unit", [measure_named("net_sales")])
    frame = table.droplevel("measure")[["value", "plan", "last_year"]] if len(table) else pd.DataFrame()
    frame = frame.rename(columns={"value": "actual", "plan": "target", "last_year": "previous"}).astype(float)
    return forms.bullet(
        ax,
        frame,
        study.currency,
        title=findings.units(study),
        labels={"target": "plan", "previous": "last year"},
    )


def regions(ax: Axes, study: Study) -> Axes:
    """Draw the profit contribution of each region."""
    earned = study.regions["profit_contribution"].dropna()
    return forms.bars(ax, earned, study.currency, title=findings.regions(study))


def win_rates(ax: Axes, study: Study) -> Axes:
    """Draw the win rate of each person with its interval and that of all; teams where names are not shown."""
    table = study.people[study.people["decided"] > 0]
    overall = table["won"].sum() / table["decided"].sum() if len(table) else np.nan
    table = table.sort_values("win_rate", ascending=False, kind="stable").head(SHOWN)
    frame = table.rename(columns={"win_rate": "value"})[["value", "low", "high"]]
    frame = frame.set_axis([study.name("person", str(name)) for name in table.index], axis=0)
    within = frame[(frame["low"] <= overall) & (frame["high"] >= overall)].index
    return forms.dots(
        ax, frame if study.show_names else frame.iloc[:0], "share", title=findings.win_rates(study),
        reference=None if np.isnan(overall) else float(overall), reference_label="all", muted=list(within),
    )  # fmt: skip


def activity(ax: Axes, study: Study) -> Axes:
    """Draw visits against orders of the same opportunities, one point a person."""
    table = study.people
    label = [study.name("person", str(name)) if study.show_names else "" for name in table.index]
    frame = pd.DataFrame({"x": table["visits"], "y": table["won"], "size": table["hours"], "label": label})
    return forms.scatter(
        ax, frame.dropna(subset=["x", "y"]), title=findings.activity(study),
        x_label="visits on the opportunities decided in the period", y_label="orders among them",
    )  # fmt: skip


def competence(ax: Axes, study: Study) -> Axes:
    """Draw each person's place in the matrix: the mean of the raters, with an arrow from the round before."""
    profile = study.competence.profile()
    frame = pd.DataFrame({"x": profile["way"].astype(float), "y": profile["skills"].astype(float)})
    frame["label"] = [study.name("person", str(name)) if study.show_names else "" for name in profile.index]
    return forms.scatter(
        ax, frame, title=findings.competence(study), x_label="follows the company way", y_label=SKILLS,
        x_divide=study.competence.divide, y_divide=study.competence.divide,
        corners=("detached", "committed", "deficient", "compliant"), x_limits=(0, 100), y_limits=(0, 100),
    )  # fmt: skip


def raters(ax: Axes, study: Study) -> Axes:
    """Draw what self, manager and co-worker think of the people on whom they differ most."""
    marks = study.competence.marks()
    if marks.empty or not study.show_names:
        return forms.dots(ax, pd.DataFrame(), "", title=findings.competence(study))
    rows = {}
    for person in _disputed(study):
        for dimension, short in ((SKILLS, "skills"), (WAY, "company way")):
            own = marks.loc[person][dimension]
            name = f"{study.name('person', person)}, {short}"
            rows[name] = (own.get("manager"), own.min(), own.max(), own.get("self"), own.get("co-worker"))
    columns = ["value", "low", "high", "self", "co-worker"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(float)
    return forms.dots(
        ax, frame, "", title="Where self, manager and co-worker differ most",
        reference=study.competence.divide,
        marks={"value": "manager", "self": "self", "co-worker": "co-worker"}, label="score, 0–100",
    )  # fmt: skip


def _disputed(study: Study) -> list[str]:
    """People on whom the raters differ most."""
    marks = study.competence.marks().groupby("person_id")
    spread = (marks.max() - marks.min()).sum(axis=1).sort_values(ascending=False, kind="stable")
    return [str(name) for name in spread.index[:DISPUTED]]


def rated(study: Study) -> int:
    """Rows of :func:`raters`."""
    people = min(len(study.competence.profile()), DISPUTED)
    return max(2 * people, 1) if study.show_names else 1


def shown(study: Study) -> int:
    """Rows of :func:`win_rates`."""
    return min(max(int((study.people["decided"] > 0).sum()), 1), SHOWN)
