"""The operating model of sales: responsibilities, processes, culture, self-assessment, support systems."""

from vs_toolkit.inputs.cases.questionnaire import questionnaire
from vs_toolkit.operating.arsci import Violations, arsci_violations
from vs_toolkit.operating.culture import culture_of
from vs_toolkit.operating.systems import Integration, integration, integration_links

__all__ = [
    "Integration", "Violations", "arsci_violations", "culture_of", "integration", "integration_links",
    "questionnaire",
]  # fmt: skip
