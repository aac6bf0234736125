"""The tables of a business-impact report: numbers and names, nothing worked out anew."""

from vs_toolkit.impact.exhibits.capture import alternatives as alternatives
from vs_toolkit.impact.exhibits.capture import levers as levers
from vs_toolkit.impact.exhibits.capture import next_steps as next_steps
from vs_toolkit.impact.exhibits.capture import other_cases as other_cases
from vs_toolkit.impact.exhibits.capture import prices as prices
from vs_toolkit.impact.exhibits.capture import realised as realised
from vs_toolkit.impact.exhibits.capture import risks as risks
from vs_toolkit.impact.exhibits.capture import schemes as schemes
from vs_toolkit.impact.exhibits.capture import signatures as signatures
from vs_toolkit.impact.exhibits.capture import to_come as to_come
from vs_toolkit.impact.exhibits.certainty import benchmarks as benchmarks
from vs_toolkit.impact.exhibits.certainty import register as register
from vs_toolkit.impact.exhibits.certainty import scenarios as scenarios
from vs_toolkit.impact.exhibits.certainty import sensitivity as sensitivity
from vs_toolkit.impact.exhibits.value import base_and_new as base_and_new
from vs_toolkit.impact.exhibits.value import benefits as benefits
from vs_toolkit.impact.exhibits.value import cash_summary as cash_summary
from vs_toolkit.impact.exhibits.value import investment as investment
from vs_toolkit.impact.exhibits.value import statement as statement
from vs_toolkit.impact.exhibits.value import steps as steps
from vs_toolkit.impact.exhibits.value import year_steps as year_steps
