"""CRM exports to a source: one file per system, one decorator that registers it.

An importer says how its system names things; everything else (reading, stages, currencies, days, writing) is
common to all. ``run`` is what ``vs-toolkit import`` calls.
"""

from vs_toolkit.inputs.importers import dynamics, hubspot, mapped, pipedrive, salesforce
from vs_toolkit.inputs.importers.registry import IMPORTERS, importer
from vs_toolkit.inputs.importers.running import Imported, Options, run

__all__ = [
    "IMPORTERS",
    "Imported",
    "Options",
    "dynamics",
    "hubspot",
    "importer",
    "mapped",
    "pipedrive",
    "run",
    "salesforce",
]
