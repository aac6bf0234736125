"""The example company: repeatable, readable, complete, and as true as its truth."""

import filecmp
import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
from pydantic import BaseModel

from tests.shared import ROOT
from vs_toolkit.demo.cases import DemoCase, cases_of
from vs_toolkit.demo.company import company_truth, customers
from vs_toolkit.demo.delivered import value_delivered
from vs_toolkit.demo.truth import VALUE_TRUTH
from vs_toolkit.demo.write import AS_OF, write_demo
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.effects import likely
from vs_toolkit.inputs.fields import shown_fields
from vs_toolkit.inputs.sources.source import Inputs, read_source
from vs_toolkit.inputs.tables import TABLES

COMMITTED = ROOT / "data" / "demo"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_source(COMMITTED)


def test_the_committed_example_is_what_the_generator_writes(written: Path) -> None:
    names = sorted(path.relative_to(written).as_posix() for path in written.rglob("*.*"))
    assert names == sorted(path.relative_to(COMMITTED).as_posix() for path in COMMITTED.rglob("*.*"))
    _, differing, unreadable = filecmp.cmpfiles(written, COMMITTED, names, shallow=False)
    assert not differing and not unreadable


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*.*")) < 3e6


def test_nothing_is_wrong_with_it(inputs: Inputs) -> None:
    assert [str(problem) for problem in inputs.problems] == []
    assert set(inputs.tables) == set(TABLES)
    assert len(inputs.tables["customers"]) == 24


def test_the_seed_decides(tmp_path: Path) -> None:
    first, other = (write_demo(tmp_path / str(seed), customers=1, seed=seed) for seed in (1, 2))
    assert (first / "opportunities.csv").read_bytes() != (other / "opportunities.csv").read_bytes()


def test_files_of_an_earlier_example_are_replaced(tmp_path: Path) -> None:
    write_demo(tmp_path, customers=2)
    write_demo(tmp_path, customers=1)
    assert {path.stem[:4] for path in (tmp_path / "cases").iterdir()} == {"C001"}
    assert read_source(tmp_path).problems == ()


def test_a_source_of_ones_own_is_never_replaced(tmp_path: Path) -> None:
    own = {"customers.csv": "customer_id,name\nC1,A\n", "cases/C001-01.yaml": "id: mine\n"}
    (tmp_path / "cases").mkdir()
    for name, text in own.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(VsToolkitError) as caught:
        write_demo(tmp_path, customers=1)
    wanted = "already holds something else than an example company: choose another folder"
    assert str(caught.value) == f"{tmp_path} {wanted}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix(): path.read_text() for path in files} == own


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "x"
    with pytest.raises(VsToolkitError) as caught:
        write_demo(folder, customers=1)
    assert str(caught.value) == f"cannot write into {folder}: Not a directory"


def test_a_file_that_cannot_be_replaced_is_said(tmp_path: Path) -> None:
    write_demo(tmp_path, customers=1)
    (tmp_path / "cases" / "Z5.yaml").mkdir()
    with pytest.raises(VsToolkitError, match="cannot write into"):
        write_demo(tmp_path, customers=1)


def test_less_than_one_customer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1, found 0"):
        write_demo(tmp_path, customers=0)


UNUSED = {"opportunities.recorded_from"}  # the example company has recorded from its first opportunity


def test_every_internal_column_is_filled_somewhere(inputs: Inputs) -> None:
    empty = [
        f"{table}.{column}"
        for table, model in TABLES.items()
        for column in set(model.model_fields) - shown_fields(model)
        if inputs.tables[table][column].isna().all()
    ]
    assert set(empty) == UNUSED


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for part in get_args(annotation):
        yield from models_in(part)


def internal_fields(model: type[BaseModel], path: str = "", inside: bool = False) -> Iterator[str]:
    """Dotted name of every field below ``model`` that a customer must not see."""
    for name, field in model.model_fields.items():
        hidden = inside or name not in shown_fields(model)
        if hidden:
            yield f"{path}{name}"
        for below in models_in(field.annotation):
            yield from internal_fields(below, f"{path}{name}.", hidden)


def filled_fields(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, tuple):
        for inner in value:
            yield from filled_fields(inner, path)
    if isinstance(value, BaseModel):
        for name, inner in value:
            if inner not in (None, (), 0.0):
                yield f"{path}{name}"
                yield from filled_fields(inner, f"{path}{name}.")


OUR_COSTS = (
    "id",
    "name",
    "amount",
    "per_year",
    "treatment",
    "evidence",
    "note",
)  # what they are written with


def is_used(field: str) -> bool:
    """Whether the example company writes such a field: our own costs are simple amounts with one source."""
    if not field.startswith("provider.costs."):
        return True
    name, _, inner = field.removeprefix("provider.costs.").partition(".")
    return name in OUR_COSTS and not (name != "evidence" and inner.startswith(("evidence", "formula")))


def test_every_internal_field_of_a_case_is_filled_somewhere(inputs: Inputs) -> None:
    filled = {field for case in inputs.cases for field in filled_fields(case)}
    internal = set(filter(is_used, internal_fields(BusinessCase)))
    assert {
        "provider.schemes.base_fee",
        "provider.alternative.differences.value.low",
        "effects.note",
    } < internal
    assert internal - filled == set()


def test_cases_differ_in_what_they_hold(inputs: Inputs) -> None:
    for part in ("provider", "baseline", "tax", "inflation"):
        assert {getattr(case, part) is None for case in inputs.cases} == {True, False}
    assert {case.period for case in inputs.cases} == {"year", "month"}
    assert {case.base.kind for case in inputs.cases} == {"existing", "competitor", "previous_case"}
    assert len({case.customer for case in inputs.cases}) == 20  # four of the 24 have none


def test_no_name_is_part_of_another() -> None:
    names = customers(200, 24, seed=1)["name"]
    assert not [(a, b) for a in names for b in names if a != b and a in b]


def test_what_is_known_ends_on_the_last_day(inputs: Inputs) -> None:
    last = pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
    known = {"status_changes": "changed_at", "activities": "date", "value_delivered": "period_end",
             "forecast_snapshots": "taken_on", "opportunities": "created_at"}  # fmt: skip
    for table, column in known.items():
        assert pd.to_datetime(inputs.tables[table][column]).max() < last
    assert max(case.dated for case in inputs.cases) <= AS_OF


def test_measured_value_is_the_true_share_of_the_promise() -> None:
    register = customers(600, len(company_truth(600, AS_OF).biases), seed=3)
    cases: list[DemoCase] = [
        case for i, row in enumerate(register.to_dict("records")) for case in cases_of(row, i, AS_OF, seed=3)
    ]
    industries = dict(zip(register["customer_id"], register["industry"], strict=True))
    table = value_delivered(cases, industries, AS_OF, VALUE_TRUTH, seed=3).dropna(subset="realised")
    rates = (table["realised"] / table["promised"]).groupby(table["customer_id"].map(industries)).mean()
    # about 45 customers per industry, each 2.5 effects that spread by 18 %: standard error about 2 %
    for industry, rate in VALUE_TRUTH.fulfilment.items():
        assert rates[industry] == pytest.approx(rate, abs=0.07)


def test_promises_grow_with_the_ramp(inputs: Inputs) -> None:
    effect = inputs.tables["value_delivered"].query("case_id == 'C001-01' and effect_id == 'uptime'")
    case = next(case for case in inputs.cases if case.id == "C001-01")
    uptime = next(effect for effect in case.effects if effect.id == "uptime")
    assert (likely(uptime.start_month), likely(uptime.ramp_months), case.start) == (3, 9, date(2024, 6, 1))
    yearly = uptime.quantity.expected * uptime.change.expected * uptime.unit_value.expected
    # the quarter to 31 Dec 2024 has its middle 5.5 months after the start: (5.5 - 3) / 9 of the full size
    promised = effect.set_index("period_end")["promised"]
    assert promised.loc["2024-12-31"] == pytest.approx(yearly / 4 * 2.5 / 9, abs=0.5)
    assert promised.loc["2026-03-31"] == pytest.approx(yearly / 4, abs=0.5)
