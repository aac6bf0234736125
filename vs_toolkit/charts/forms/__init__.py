"""Forms: drawings that several subjects share; each is one call with a finding as title."""

from vs_toolkit.charts.forms.bars import bars as bars
from vs_toolkit.charts.forms.bridge import bridge as bridge
from vs_toolkit.charts.forms.bullet import bullet as bullet
from vs_toolkit.charts.forms.dots import dots as dots
from vs_toolkit.charts.forms.dumbbell import dumbbell as dumbbell
from vs_toolkit.charts.forms.flows import flows as flows
from vs_toolkit.charts.forms.histogram import histogram as histogram
from vs_toolkit.charts.forms.lines import lines as lines
from vs_toolkit.charts.forms.matrix import matrix as matrix
from vs_toolkit.charts.forms.months import months as months
from vs_toolkit.charts.forms.scatter import scatter as scatter
from vs_toolkit.charts.forms.swimlanes import swimlanes as swimlanes
from vs_toolkit.charts.forms.tornado import tornado as tornado
