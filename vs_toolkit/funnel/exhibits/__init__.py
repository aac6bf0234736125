"""Tables of a report on a pipeline: numbers with the description of their columns."""

from vs_toolkit.funnel.exhibits.actions import faults as faults
from vs_toolkit.funnel.exhibits.actions import leads as leads
from vs_toolkit.funnel.exhibits.actions import standing_out as standing_out
from vs_toolkit.funnel.exhibits.actions import to_do as to_do
from vs_toolkit.funnel.exhibits.actions import trend_effect as trend_effect
from vs_toolkit.funnel.exhibits.coming import accuracy as accuracy
from vs_toolkit.funnel.exhibits.coming import forecast as forecast
from vs_toolkit.funnel.exhibits.coming import money_by_quarter as money_by_quarter
from vs_toolkit.funnel.exhibits.coming import past_forecasts as past_forecasts
from vs_toolkit.funnel.exhibits.coming import pipeline_measures as pipeline_measures
from vs_toolkit.funnel.exhibits.coming import quarters as quarters
from vs_toolkit.funnel.exhibits.stages import ageing as ageing
from vs_toolkit.funnel.exhibits.stages import by_segment as by_segment
from vs_toolkit.funnel.exhibits.stages import people as people
from vs_toolkit.funnel.exhibits.stages import repairs as repairs
from vs_toolkit.funnel.exhibits.stages import scores as scores
from vs_toolkit.funnel.exhibits.stages import shown as shown
from vs_toolkit.funnel.exhibits.stages import steps as steps
from vs_toolkit.funnel.exhibits.stages import win_rates as win_rates
