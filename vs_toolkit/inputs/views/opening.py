"""The call by which a notebook gets its data, the same in JupyterLab and in a batch.

In a batch the environment names one partition (``VS_PARTITION``), and nothing else can be opened. Without it
the source that ``VS_SOURCE`` names (default: the example company) is read and cut by the same code.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.sources.source import read_source
from vs_toolkit.inputs.views.data import CompanyData, CustomerData
from vs_toolkit.inputs.views.editions import edition_named
from vs_toolkit.inputs.views.partition import company_partition, customer_partition
from vs_toolkit.inputs.views.units import of_unit
from vs_toolkit.inputs.views.view import view
from vs_toolkit.shipped import shipped


def open_customer(customer: str, *, as_of: date | str, edition: str = "internal") -> CustomerData:
    """Open all that a report on one customer may use.

    Parameters
    ----------
    customer
        Id of the customer.
    as_of
        As-of date; later data is ignored, as a date or as ``"2026-06-30"``; nothing dated later is there.
    edition
        ``"internal"`` or ``"customer"``.

    Raises
    ------
    PartitionError
        When there is no such customer, or another one (edition, day) than that of the partition is asked for.
    InputError
        When something is wrong with the customer's data.

    >>> open_customer("C001", as_of="2026-06-30").customer["customer_id"]
    'C001'
    """
    day, named = day_of(as_of), edition_named(edition)
    if partition := os.environ.get("VS_PARTITION"):
        return customer_partition(partition, customer, named, day)
    return view(read_source(default_source()), day, named).customer(customer)


def open_company(*, as_of: date | str, unit: str = "") -> CompanyData:
    """Open all tables and cases for an internal report on the company, or on one unit of it.

    Raises
    ------
    PartitionError
        When the partition is not that of the company, or of another day.
    InputError
        When something is wrong with a table.
    ParameterError
        When there is no such unit.
    """
    day = day_of(as_of)
    partition = os.environ.get("VS_PARTITION")
    whole = (
        company_partition(partition, day) if partition else view(read_source(default_source()), day).company()
    )
    return of_unit(whole, unit) if unit else whole


def default_source() -> str:
    """Return the source to read where none is named: ``VS_SOURCE``, else the example company.

    A relative path is meant from the folder where the command (``jupyter lab``) was given, which the shell
    leaves in ``PWD``: the kernel of a notebook works in the notebook's own folder.
    """
    named = os.environ.get("VS_SOURCE", "")
    if "://" in named:
        return named
    places = [Path(folder, named) for folder in (os.environ.get("PWD", ""), Path.cwd()) if folder]
    found = next(filter(Path.exists, places), places[0])
    return str(Path(os.path.abspath(found)) if named else shipped("data/demo"))  # noqa: PTH100  links stay


def day_of(value: date | str) -> date:
    """Read a day.

    Raises
    ------
    ParameterError
        When it is not one.

    >>> day_of("2026-06-30")
    datetime.date(2026, 6, 30)
    """
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ParameterError(f"as_of {value!r} is not a day: write it as 2026-06-30") from None
