"""The numbers a report stands for, stated once in the notebook and readable by other programs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MIME = "application/vnd.vs-toolkit.key-figures+json"
STORED = ("value", "unit", "label", "about")
Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class KeyFigures:
    """Key figures as a cell result: data for programs, nothing for the eye.

    They are stored as a list, because a notebook file does not keep the order of names.
    """

    figures: Figures

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        listed = [{"name": name, **figure} for name, figure in self.figures.items()]
        return {MIME: listed, "text/html": "", "text/plain": "key figures"}


def key_figures(about: str = "", /, **figures: tuple[float | None, str, str]) -> KeyFigures:
    """State the key figures of a notebook, each as (value, unit, label); call it once per notebook.

    Units are those of :func:`vs_toolkit.formats.measured`. A value that is missing, infinite or not a number
    is stored as null, never as zero; twelve significant digits make the file the same everywhere. ``about``
    says which of several things (such as the id of a business case) they describe: figures about another one
    are not compared with them.

    >>> key_figures(npv=(1234567.891, "EUR", "Net present value")).figures["npv"]
    {'value': 1234567.891, 'unit': 'EUR', 'label': 'Net present value'}
    >>> key_figures("C001-01", npv=(5.0, "EUR", "Net present value")).figures["npv"]["about"]
    'C001-01'
    >>> key_figures(irr=(None, "share", "Return")).figures["irr"]["value"] is None
    True
    """
    return KeyFigures(
        {
            name: {"value": _storable(value), "unit": unit, "label": label}
            | ({"about": about} if about else {})
            for name, (value, unit, label) in figures.items()
        }
    )


def _storable(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.12g}")


def read_key_figures(notebook: Mapping[str, Any]) -> Figures:
    """Key figures stated in an executed notebook; empty when it states none.

    Raises
    ------
    ValueError
        If one is not as :func:`key_figures` states them: the index could not show it.

    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> bundle = key_figures(cases=(3, "", "Cases"))._repr_mimebundle_()
    >>> read_key_figures(new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", bundle)])]))
    {'cases': {'value': 3.0, 'unit': '', 'label': 'Cases'}}
    """
    found: Figures = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for figure in _listed(output.get("data", {}).get(MIME, [])):
                found[figure["name"]] = {key: figure[key] for key in STORED if key in figure}
    return found


def _listed(stated: Any) -> list[dict[str, Any]]:
    """What a cell stated, which may be anything: notebooks are written by many."""
    if not isinstance(stated, list) or not all(map(is_figure, stated)):
        raise ValueError("a key figure is not stated as (number, unit, label): use reports.key_figures")
    return stated


def is_figure(stated: Any) -> bool:
    """Whether it is a key figure with its name, as they are stored.

    >>> is_figure({"name": "npv", "value": 1.0, "unit": "EUR", "label": "NPV"}), is_figure({"value": "<b>"})
    (True, False)
    """
    if not isinstance(stated, dict):
        return False
    value, texts = stated.get("value"), [stated.get(key) for key in ("name", "unit", "label")]
    is_number = value is None or (isinstance(value, int | float) and math.isfinite(value))
    return is_number and all(isinstance(text, str) for text in texts)
