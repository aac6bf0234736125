"""The entry to a batch: one page with every report, what failed first, and the key figures side by side."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from vs_toolkit import formats
from vs_toolkit.shipped import shipped

Row = Mapping[str, Any]
DONE = ("ok", "stale")


@dataclass(frozen=True)
class Section:
    """All reports of one notebook: a line per customer, a column per key figure."""

    notebook: str
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """Name of the notebook as a reader would write it."""
        return self.notebook.replace("_", " ").capitalize()

    @cached_property
    def columns(self) -> dict[str, str]:
        """Label of each key figure by its name, in the order of their first appearance."""
        return {name: figure["label"] for row in self.rows for name, figure in row["figures"].items()}

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions made, in alphabetical order."""
        return tuple(sorted({row["edition"] for row in self.rows}))

    @cached_property
    def lines(self) -> tuple[tuple[Row, ...], ...]:
        """Rows of one customer together, by the customer's name."""
        by_customer: dict[str, list[Row]] = {}
        for row in sorted(self.rows, key=_by_name):
            by_customer.setdefault(row["customer_id"] or "", []).append(row)
        return tuple(tuple(rows) for rows in by_customer.values())


def write_index(out_dir: Path, rows: Iterable[Row], *, title: str = "Reports") -> Path:
    """Write ``index.html`` of a batch and return its path.

    Parameters
    ----------
    out_dir
        Folder of the batch; links are relative to it.
    rows
        One mapping per job: ``customer_id``, ``customer_name`` (both empty for the whole company),
        ``notebook``, ``edition``, ``status`` (``ok``, ``stale``, or what went wrong), ``seconds``, ``error``,
        ``figures`` (name to value, unit, label), ``href`` (the report, or the partial notebook of a failed
        job; empty when there is none), ``as_of``.
    title
        Heading of the page.

    >>> from tempfile import TemporaryDirectory
    >>> row = dict(customer_id="C1", customer_name="Acme <b>", notebook="business_impact", figures={},
    ...            edition="internal", status="ok", seconds=1.5, error="", href="a.html", as_of="2026-06-30")
    >>> with TemporaryDirectory() as folder:
    ...     "Acme &lt;b&gt;" in write_index(Path(folder), [row]).read_text(encoding="utf-8")
    True
    """
    path = out_dir / "index.html"
    partial = path.with_suffix(".html.part")
    partial.write_text(index_html(list(rows), title), encoding="utf-8")
    return partial.replace(path)


def index_html(rows: Sequence[Row], title: str) -> str:
    """The index page as text; see :func:`write_index`."""
    style, script = (_asset("report.css") + _asset("batch.css")), _asset("batch.js")
    failed = [row for row in rows if row["status"] not in DONE]
    notebooks = dict.fromkeys(row["notebook"] for row in rows)
    return _template().render(
        title=title,
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        as_of=", ".join(sorted({str(row["as_of"]) for row in rows})),
        customers=len({row["customer_id"] for row in rows if row["customer_id"]}),
        finished=len(rows) - len(failed),
        stale=sum(row["status"] == "stale" for row in rows),
        failed=sorted(failed, key=lambda row: (row["notebook"], *_by_name(row))),
        sections=[Section(name, tuple(row for row in rows if row["notebook"] == name)) for name in notebooks],
    )


def _by_name(row: Row) -> tuple[str, str, str]:
    return row["customer_name"] or "", row["customer_id"] or "", row["edition"]


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(shipped("templates", "report"))
    env = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    env.filters |= {"written": _written, "sort_key": _sort_key, "link": _link, "number_of": formats.number_of}
    return env.get_template("batch.html.j2")


def _asset(name: str) -> str:
    return shipped("templates", "report", name).read_text(encoding="utf-8")


def _csp_hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _written(figure: Mapping[str, Any] | None) -> str:
    return formats.MISSING if figure is None else formats.measured(figure["value"], figure["unit"])


def _sort_key(figure: Mapping[str, Any] | None) -> str:
    return "" if figure is None or figure["value"] is None else repr(float(figure["value"]))


def _link(href: str) -> str:
    """A relative link that stays one, whatever the name of the folder."""
    return "./" + quote(href.replace("\\", "/"), safe="/")
