"""What ``vs-toolkit form`` makes: blank, from a value model, or filled in from a source."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_toolkit.errors import InputError, ParameterError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.questionnaire import questionnaire
from vs_toolkit.inputs.forms.case_form import case_form, model_form
from vs_toolkit.inputs.forms.self_assessment import self_assessment_form
from vs_toolkit.inputs.forms.table_form import table_form
from vs_toolkit.inputs.sources.source import Inputs, read_source
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS, customer_of_rows
from vs_toolkit.inputs.wording import did_you_mean


def make_form(kind: str, source: str | None, customer: str, model: str) -> bytes:
    """Make a form of a kind (``case`` or ``tables``).

    Raises
    ------
    ParameterError
        For an unknown customer or model, and a customer without a source.
    InputError
        When the source cannot be read.
    """
    today = date.today()
    if kind == "case" and model:
        try:
            return model_form(model_finder(source or ".")(model), today, customer)
        except LookupError as error:
            raise ParameterError(f"--model {model!r}: {error.args[0]}") from None
    if source is None:
        if customer:
            raise ParameterError("--customer needs the source that holds it: --source SOURCE")
        return case_form(None, today) if kind == "case" else table_form(None, today)
    inputs = read_source(source)
    if inputs.bad_files:
        raise InputError(inputs.bad_files)
    _refuse_unknown(inputs, customer)
    if kind == "case":
        return case_form(_newest(inputs, customer), today, customer)
    return table_form(_tables(inputs, customer), today)


def make_assessment(source: str | None, respondent: str, unit: str) -> bytes:
    """Make the form of the self-assessment for one respondent.

    Raises
    ------
    ParameterError
        Without a respondent or a unit, and for a unit that nobody of the source belongs to.
    """
    if not (respondent and unit):
        raise ParameterError("an assessment needs --respondent (a number or a function) and --unit")
    units = read_source(source).tables["people"]["unit"].dropna() if source else pd.Series([unit])
    if unit not in set(units):
        raise ParameterError(
            f"--unit {unit!r} has nobody in people; {did_you_mean(unit, sorted(set(units)))}"
        )
    return self_assessment_form(questionnaire(), respondent, unit, date.today())


def _refuse_unknown(inputs: Inputs, customer: str) -> None:
    known = list(inputs.tables["customers"]["customer_id"])
    if customer and customer not in known:
        raise ParameterError(f"--customer {customer!r} is not in the source; {did_you_mean(customer, known)}")


def _newest(inputs: Inputs, customer: str) -> BusinessCase | None:
    cases = [case for case in inputs.cases if case.customer == customer] if customer else []
    return max(cases, key=lambda case: (case.dated, case.id), default=None)


def _tables(inputs: Inputs, customer: str) -> dict[str, pd.DataFrame]:
    if not customer:
        return dict(inputs.tables)
    return {
        name: frame[(customer_of_rows(name, inputs.tables) == customer).to_numpy(bool)]
        if name in OF_CUSTOMERS
        else frame
        for name, frame in inputs.tables.items()
    }
