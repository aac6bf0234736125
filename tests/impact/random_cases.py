"""Random cases for hypothesis: everything the case model can say, within reason."""

from hypothesis import strategies as st

from tests.impact.simple import ESTIMATED, simple_case
from vs_toolkit.inputs.cases.business_case import CAPITAL_LINES, COST_LINES, DAYS_OF, REVENUE_LINES

BASELINE = {"revenue": 9e5, "direct_costs": 5e5, "indirect_costs": 2e5} | dict.fromkeys(CAPITAL_LINES, 1e5)


def amounts(low, high):
    """Estimates between ``low`` and ``high``."""
    points = st.lists(st.integers(low * 100, high * 100), min_size=3, max_size=3).map(sorted)
    return points.map(lambda p: dict(zip(("low", "expected", "high"), (x / 100 for x in p), strict=True)))


def month(years):
    return st.integers(0, 12 * years - 1)


@st.composite
def effects(draw, years, id_, shares=(0,)):
    line = draw(st.sampled_from([*REVENUE_LINES, *COST_LINES, *CAPITAL_LINES]))
    sizes = [
        {"amount": amounts(-1000, 1000)},
        {"quantity": amounts(1, 100), "change": amounts(-1, 1), "unit_value": amounts(1, 50)},
        {"by_year": st.lists(st.integers(0, 1000), min_size=1, max_size=years + 1)},
    ]
    if line in DAYS_OF:
        sizes.append({"days": amounts(-20, 20)})
    size = draw(st.sampled_from(sizes).flatmap(st.fixed_dictionaries))
    start = draw(month(years))
    timing = {
        "start_month": start,
        "ramp_months": draw(st.sampled_from([0, 0, 3, 18, {"low": 2, "expected": 3, "high": 5}])),
        "end_month": draw(st.none() | st.integers(start + 1, 12 * years + 5)),
    }
    if "by_year" not in size:
        timing["growth"] = draw(st.sampled_from([0, 0.05]))
    if line == "volume":
        timing["margin"] = draw(st.sampled_from([None, 0.4]))
    haircut = {"release_haircut": draw(st.sampled_from(shares))} if line in CAPITAL_LINES else {}
    own = {"id": id_, "name": id_, "line": line, "evidence": ESTIMATED, "factor": draw(amounts(0, 1))}
    return own | size | timing | haircut


@st.composite
def spends(draw, years, id_):
    investment = {
        "amount": amounts(1, 3000),
        "treatment": st.just("investment"),
        "salvage": st.integers(-100, 300),
    }
    kinds = [
        {"amount": amounts(0, 2000), "per_year": amounts(0, 300)},
        {"by_year": st.lists(st.integers(0, 900), min_size=1, max_size=years + 1)},
        investment,
        investment | {"life_years": st.floats(0.5, 12)},
        investment | {"depreciation": st.just(["50%", "25%"])},
        investment | {"depreciation": st.just("macrs_3")},
        {"quantity": amounts(0, 20), "unit_value": amounts(0, 30), "growth": st.just(0.04)},
        {"per_year": amounts(-100, 300), "in_advance": st.just(True)},
    ]
    paid = draw(month(years) | st.just({"low": 0, "expected": 1, "high": 4}))
    return {"id": id_, "name": id_, "month": paid} | draw(
        st.sampled_from(kinds).flatmap(st.fixed_dictionaries)
    )


@st.composite
def cases(draw, haircuts=(0, 0.3, 1)):
    years = draw(st.integers(1, 4))
    tax = {
        "rate": draw(st.sampled_from([0.2, 0.35])),
        "losses": draw(st.sampled_from(["immediate", "carried_forward"])),
        "paid": draw(st.sampled_from(["same_year", "same_year", "next_year"])),
    }
    return simple_case(
        *[draw(effects(years, f"effect{n}", haircuts)) for n in range(draw(st.integers(1, 4)))],
        years=years,
        **draw(
            st.sampled_from(
                [{"period": "month"}, {"period": "year"}, {"period": "quarter"}, {"mid_period": True}]
            )
        ),
        wacc_by_year=draw(st.sampled_from([None, None, (0.1, 0.05)])),
        terminal_value=draw(st.sampled_from([None, None, {"amount": 500}])),
        customer_wacc=draw(st.sampled_from([0.0, 0.06, 0.2])),
        inflation=draw(st.sampled_from([None, 0.03])),
        tax=draw(st.none() | st.just(tax)),
        baseline=BASELINE,
        costs=[draw(spends(years, f"cost{n}")) for n in range(draw(st.integers(0, 2)))],
        price=draw(st.none() | spends(years, "price")),
    )
