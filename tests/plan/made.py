"""A customer of a few rows, made from the text of its tables."""

from datetime import date

from tests.inputs.sources import TABLES, write_source
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.views.view import view
from vs_toolkit.plan.study import CustomerPlan

DAY = date(2026, 6, 30)
CUSTOMERS = "customer_id,name,industry,market_fit,wacc\nC1,Acme,Dairy,inside,0.1\n"
STATUSES = "status,order,outcome,nominal_probability\nLead,1,open,0.1\nWon,2,won,1\nLost,3,lost,0\n"
CONTACTS = "contact_id,customer_id,recorded_on,name,function,level,role,attitude,influence,last_met,left\n"


def plan_of(folder, edition="internal", as_of=DAY, **tables):
    """Plan of customer C1 from CSV texts of its tables; no other table is given."""
    write_source(folder, **(dict.fromkeys(TABLES, "") | {"customers": CUSTOMERS} | tables))
    inputs = read_source(folder)
    assert not inputs.problems, inputs.problems
    return CustomerPlan(view(inputs, as_of, edition).customer("C1"))
