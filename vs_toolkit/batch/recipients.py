"""Whom reports are about, read from the inputs: the hash of their data, their cases, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vs_toolkit.batch.jobs import Recipient
from vs_toolkit.errors import Problem, VsToolkitError
from vs_toolkit.inputs import View, safe_name
from vs_toolkit.inputs.cases.listed import BadCase

COMPANY = "_company"
UNREAD = "_unread"


def recipients(view: View) -> tuple[Recipient, ...]:
    """List every customer, every case file that names no customer, and in the internal edition the company.

    A customer with something wrong in its rows or cases is listed with the problem, also one whose row in the
    table of customers is wrong.

    Raises
    ------
    VsToolkitError
        If the reports on two of them would lie in the same folder.
    """
    internal = view.edition == "internal"
    company = (_company(view),) if internal else ()
    found = (*_customers(view), *_unread(view), *company)
    _refuse_shared_places(found)
    return found


def _refuse_shared_places(recipients: Iterable[Recipient]) -> None:
    """Two ids can be made up so that their folders have the same name: nobody reads another's report."""
    owners: dict[str, str] = {}
    for recipient in recipients:
        other = owners.setdefault(recipient.place.casefold(), recipient.customer_id)
        if other != recipient.customer_id:
            raise VsToolkitError(
                f"the ids {other!r} and {recipient.customer_id!r} would share the folder {recipient.place}: "
                "change one of them"
            )


def _customers(view: View) -> Iterator[Recipient]:
    table = view.inputs.tables["customers"]
    names = dict(zip(table["customer_id"], table["name"], strict=True))
    cases: dict[str, list[str]] = {}
    for case in view.inputs.cases:
        cases.setdefault(case.customer, []).append(case.id)
    of_rows = {bad.customer_id for bad in view.inputs.bad_rows if bad.customer_id}
    wrong = of_rows | {bad.customer_id for bad in view.inputs.bad_cases if bad.customer_id}
    for customer in (*names, *sorted(wrong - names.keys())):
        yield Recipient(
            customer_id=customer,
            name=names.get(customer, customer),
            place=safe_name(customer),
            data=view.content_hash(customer),
            cases=tuple(cases.get(customer, ())),
            problem=_told(view, view.inputs.problems_of(customer)) if customer in wrong else "",
        )


def _unread_place(bad: BadCase) -> str:
    return f"{UNREAD}-{safe_name(bad.file)}"


def _unread(view: View) -> Iterator[Recipient]:
    for bad in view.inputs.bad_cases:
        if not bad.customer_id:
            yield Recipient(bad.file, bad.file, _unread_place(bad), "", problem=_told(view, bad.problems))


def _company(view: View) -> Recipient:
    problem = _told(view, view.inputs.problems_of_tables)
    return Recipient("", "", COMPANY, view.company_hash, problem=problem)


def _told(view: View, problems: Iterable[Problem]) -> str:
    """Word the problems; for the customer edition without the offending values, which may be internal."""
    texts = [str(problem) for problem in problems]
    if texts and view.edition != "internal":
        return f"the input has {len(texts)} problem{'s' * (len(texts) > 1)}: run vs-toolkit check"
    return "\n".join(texts)
