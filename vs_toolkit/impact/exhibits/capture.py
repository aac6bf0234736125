"""What is done with the value: the return on capital wanted, price, sharing, and what came true."""

from __future__ import annotations

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import money, percent
from vs_toolkit.impact.pricing import PriceCorridor
from vs_toolkit.impact.realised import Fulfilment
from vs_toolkit.impact.sharing import NO_VALUE
from vs_toolkit.impact.targeting import Targeting
from vs_toolkit.inputs.cases.business_case import BusinessCase

PRICINGS = {"cost_based": "Cost-based", "market_based": "Market-based", "value_based": "Value-based"}


def levers(targeting: Targeting, currency: str) -> pd.DataFrame:
    """What each lever alone would have to do for the return on capital wanted, and what the solution does."""
    rows = {
        str(name).replace("_", " ").capitalize(): {
            "Base": money(lever["base"], currency),
            "Needed alone": money(lever["needed"], currency) if lever["reachable"] else "more than there is",
            "Delivered": money(lever["delivered"], currency),
            "Part of the need": percent(lever["delivered_share"], 0),
        }
        for name, lever in targeting.levers.iterrows()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Lever")


def prices(corridor: PriceCorridor) -> pd.DataFrame:
    """Cost-based, market-based and value-based price side by side."""
    rows = {
        PRICINGS[str(name)]: {
            "Price": money(price["price"], corridor.currency),
            "Our margin": percent(price["margin"], 0),
            "Customer keeps": money(price["customer_keeps"], corridor.currency),
            "Set by": price["basis"],
        }
        for name, price in corridor.prices.iterrows()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Pricing")


def schemes(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """What both sides get as expected and when no value comes."""
    by_scheme = {
        scheme: rows.set_index("scenario").to_dict("index")
        for scheme, rows in table.groupby("scheme", sort=False)
    }
    rows = {
        scheme: {
            "Customer": money(worlds["expected"]["customer_npv"], currency),
            "We": money(worlds["expected"]["provider_npv"], currency),
            "Our share": percent(worlds["expected"]["provider_share"], 0),
            "Customer, no value": money(worlds[NO_VALUE]["customer_npv"], currency),
            "We, no value": money(worlds[NO_VALUE]["provider_npv"], currency),
        }
        for scheme, worlds in by_scheme.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Scheme")


def risks(table: pd.DataFrame) -> pd.DataFrame:
    """Who bears which risk under each scheme, in words; and why amounts are missing."""
    rows = {
        scheme["scheme"]: {
            "We bear": scheme["provider_bears"],
            "The customer bears": scheme["customer_bears"],
            "When the value does not come": scheme["without_value"],
        }
        for scheme in table.drop_duplicates("scheme").to_dict("records")
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Scheme")


def realised(result: Fulfilment) -> pd.DataFrame:
    """Promised and measured by effect, with what is still open and why they differ."""
    rows = {
        effect["effect"]: {
            "Promised": money(effect["promised"], effect["currency"]) if effect["measured"] else None,
            "Measured": money(effect["realised"], effect["currency"]),
            "Came true": percent(effect["rate"], 0),
            "Periods": f"{effect['measured']} measured, {effect['open']} open",
            "Reasons": effect["reasons"] or None,
        }
        for effect in result.effects.to_dict("records")
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Effect")


def next_steps(case: BusinessCase) -> pd.DataFrame:
    """Who does what by when."""
    rows = {
        step.what: {"Who": step.who, "By": step.due and formats.day(step.due)} for step in case.next_steps
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Next step")
