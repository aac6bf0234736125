"""Small cases for tests: what a test does not name is the simplest there is."""

from vs_toolkit.inputs.cases.business_case import BusinessCase

ESTIMATED = {"kind": "our_estimate"}


def saving(amount, id="saving", line="indirect_cost", **more):
    """An effect of a yearly amount (a number or low/expected/high)."""
    return {"id": id, "name": id.title(), "line": line, "amount": amount, "evidence": ESTIMATED} | more


def span(low, expected, high):
    return {"low": low, "expected": expected, "high": high}


def simple_case(*effects, years=2, customer_wacc=0.1, **more):
    return BusinessCase.model_validate(
        {
            "id": "1",
            "customer": "A",
            "title": "Simple",
            "currency": "EUR",
            "dated": "2026-01-01",
            "start": "2026-01-01",
            "years": years,
            "customer_wacc": customer_wacc,
            "base": {"kind": "existing", "name": "Base"},
            "solution": {"name": "Solution"},
            "effects": effects or [saving(1000)],
        }
        | more
    )


class Yearly:
    """Lines of a case seen by year: flows summed, levels at the year's end."""

    def __init__(self, found):
        self.grid, self.npv = found.grid, found.npv
        self.income = {line: found.grid.yearly(flow) for line, flow in found.income.items()}
        self.capital = {line: found.grid.year_ends(level) for line, level in found.capital.items()}
        self.capital_employed = found.grid.year_ends(found.capital_employed)
        self.cash_flow, self.tax = found.grid.yearly(found.cash_flow), found.grid.yearly(found.tax)
