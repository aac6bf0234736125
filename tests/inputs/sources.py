"""Small sources that tests write into a folder of their own."""

from pathlib import Path

CASE = """\
id: C1-01
customer: C1
title: Fewer stops on line 2
currency: EUR
dated: 2026-01-10
start: 2026-02-01
years: 3
customer_wacc: 9%
base: {kind: existing, name: Line as it is}
solution: {name: Line with monitoring}
effects:
  - id: stops
    name: Fewer stops
    line: volume
    quantity: 120
    change: {low: 0.1, expected: 0.2, high: 0.3}
    unit_value: 1000
    evidence:
      kind: customer_verified
      confirmed_by: Plant manager
      confirmed_on: 2026-03-01
    note: INTERNAL note of the effect
price: {id: price, name: Monitoring, amount: 20000, note: INTERNAL note of the price}
provider:
  wacc: 0.08
  required_margin: 0.3
  costs: [{id: build, name: INTERNAL cost, amount: 7000}]
  risks: [INTERNAL risk]
comment: INTERNAL comment
"""
TABLES = {
    "customers": """\
        customer_id,name,industry,sales_unit,owner_id,since,wacc,note
        C1,Acorn Works,Paper,North,P1,2019-05-01,9%,INTERNAL one
        C2,Birch Mill,Steel,South,P2,,,INTERNAL two
    """,
    "people": """\
        person_id,name,unit
        P1,Sales engineer 01,North
        P2,Sales engineer 02,South
    """,
    "opportunities": """\
        opportunity_id,customer_id,owner_id,created_at,value,currency,close_reason
        O1,C1,P1,2026-01-05,50000,EUR,INTERNAL price
        O2,C2,P2,2026-03-05,70000,EUR,
    """,
    "statuses": """\
        status,order,outcome,nominal_probability,adopted_probability,adopted_on,adopted_n,adopted_method
        Lead,1,open,0.1,0.2,2026-02-01,40,landmark
        Won,2,won,1,,,,
        Lost,3,lost,0,,,,
    """,
    "status_changes": """\
        opportunity_id,changed_at,status,value,stated_probability
        O1,2026-01-05T09:00:00,Lead,40000,0.3
        O1,2026-04-02T17:30:00,Won,50000,1
        O2,2026-03-05T09:00:00,Lead,70000,0.2
    """,
    "activities": """\
        date,customer_id,opportunity_id,person_id,type,hours
        2026-01-06,C1,O1,P1,visit,3
        2026-05-06,C2,O2,P2,INTERNAL call,1
    """,
    "value_delivered": """\
        customer_id,case_id,effect_id,effect,line,period_end,promised,realised,currency,note
        C1,C1-01,stops,Fewer stops,volume,2026-03-31,6000,5000,EUR,INTERNAL
        C1,C1-01,stops,Fewer stops,volume,2026-06-30,6000,,EUR,INTERNAL
    """,
    "benchmarks": """\
        industry,indicator,unit,low,median,high,n,source
        Paper,stops avoided,fraction,0.05,0.15,0.3,12,Trade survey
    """,
    "targets": """\
        unit,month,orders,value,currency
        North,2026-01-01,2,90000,EUR
        South,2026-01-01,1,60000,EUR
    """,
}


def csv_text(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


def write_source(folder: Path, **changed: str) -> Path:
    """Write the small source; ``changed`` replaces tables, or takes them away (empty text)."""
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    for name, text in (TABLES | changed).items():
        if text:
            (folder / f"{name}.csv").write_text(csv_text(text))
    (folder / "cases" / "C1-01.yaml").write_text(CASE)
    return folder
