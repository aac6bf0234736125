"""A small company for the tests of the batch: a source folder with customers and, if wanted, cases."""

from pathlib import Path

from tests.shared import ROOT

CASE = (ROOT / "templates" / "start" / "cases" / "NORTHMILL-01.yaml").read_text()
SHOWS_NAME = """\
from vs_toolkit import inputs, reports
data = inputs.open_customer(customer, as_of=as_of, edition=edition)
reports.text(f"{data.customer['name']} times {factor:g}")"""
STATES = "reports.key_figures(tables=(float(len(data.tables)), '', 'Tables'))"


def write_company(folder: Path, **names: str) -> Path:
    """Customers by id and name."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = "".join(f'{customer},"{name}"\n' for customer, name in names.items())
    (folder / "customers.csv").write_text("customer_id,name\n" + rows, encoding="utf-8")
    return folder


def write_case(folder: Path, customer: str, *changes: tuple[str, str]) -> Path:
    """The case to start from, for a customer, with some of its text replaced."""
    text = CASE.replace("NORTHMILL", customer)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "cases" / f"{customer}-01.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
