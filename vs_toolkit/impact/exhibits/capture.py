"""What is done with the value: the return on capital wanted, price, sharing, and what came true."""

from __future__ import annotations

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.impact.pricing import PriceCorridor
from vs_toolkit.impact.realised import Fulfilment
from vs_toolkit.impact.sharing import NO_VALUE
from vs_toolkit.impact.targeting import Targeting
from vs_toolkit.inputs.case import BusinessCase

PRICINGS = {"cost_based": "Cost-based", "market_based": "Market-based", "value_based": "Value-based"}


def levers(targeting: Targeting) -> pd.DataFrame:
    """What each lever alone would have to do for the return on capital wanted, and what the solution does."""
    table = targeting.levers.reindex(columns=["base", "needed", "delivered", "delivered_share"])
    table.columns = ["Base", "Needed alone", "Delivered", "Part of what is needed"]
    table.index = [str(name).replace("_", " ").capitalize() for name in table.index]
    return table.rename_axis("Lever")


def prices(corridor: PriceCorridor) -> pd.DataFrame:
    """Cost-based, market-based and value-based price side by side; amounts in currency."""
    table = corridor.prices[["price", "margin", "customer_keeps", "basis"]].rename(index=PRICINGS)
    table.columns = ["Price", "Our margin", "Customer keeps", "Basis"]
    return table.rename_axis("Pricing")


def schemes(table: pd.DataFrame) -> pd.DataFrame:
    """What both sides get as expected and when no value comes; amounts in currency."""
    wide = table.set_index(["scheme", "scenario"])[
        ["customer_npv", "provider_npv", "provider_share"]
    ].unstack()
    names = dict.fromkeys(table["scheme"])
    columns = {
        "Customer, expected": ("customer_npv", "expected"),
        "We, expected": ("provider_npv", "expected"),
        "Our share": ("provider_share", "expected"),
        "Customer, no value": ("customer_npv", NO_VALUE),
        "We, no value": ("provider_npv", NO_VALUE),
    }
    return pd.DataFrame(
        {name: wide.get(place) for name, place in columns.items()}, index=pd.Index(names, name="Scheme")
    )


def risks(table: pd.DataFrame) -> pd.DataFrame:
    """Who bears which risk under each scheme, in words."""
    words = table.drop_duplicates("scheme").set_index("scheme")
    words = words[["provider_bears", "customer_bears", "without_value"]]
    words.columns = ["We bear", "The customer bears", "When the value does not come"]
    return words.rename_axis("Scheme")


def realised(result: Fulfilment) -> pd.DataFrame:
    """Promised and measured by effect, with what is still open and why they differ."""
    table = result.effects.set_index("effect")
    table = table[["promised", "realised", "rate", "measured", "open", "reasons"]]
    table.columns = ["Promised", "Measured", "Came true", "Periods measured", "Periods open", "Reasons"]
    return table.assign(Reasons=table["Reasons"].replace("", None)).rename_axis("Effect")


def next_steps(case: BusinessCase) -> pd.DataFrame:
    """Who does what by when."""
    rows = {
        step.what: {"Who": step.who, "By": step.due and formats.day(step.due)} for step in case.next_steps
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Next step")
