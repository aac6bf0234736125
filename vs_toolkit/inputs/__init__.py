"""What comes in: tables, business cases and value models, checked once; what one notebook sees of them."""

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.reading import read_case
from vs_toolkit.inputs.names import safe_name
from vs_toolkit.inputs.sources.checking import check, describe
from vs_toolkit.inputs.sources.record import describe_readings
from vs_toolkit.inputs.sources.source import Inputs, read_source
from vs_toolkit.inputs.views.data import CompanyData, CustomerData
from vs_toolkit.inputs.views.opening import open_company, open_customer
from vs_toolkit.inputs.views.partition import PartitionWriter
from vs_toolkit.inputs.views.snapshot import Snapshot, write_snapshot
from vs_toolkit.inputs.views.view import View, view

__all__ = [
    "BusinessCase",
    "CompanyData",
    "CustomerData",
    "Inputs",
    "PartitionWriter",
    "Snapshot",
    "View",
    "check",
    "describe",
    "describe_readings",
    "open_company",
    "open_customer",
    "read_case",
    "read_source",
    "safe_name",
    "view",
    "write_snapshot",
]
