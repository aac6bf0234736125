"""The measures of the book's figure 22, one file for each kind; importing this registers them all."""

from vs_toolkit.metrics.measures import activity as activity
from vs_toolkit.metrics.measures import capital as capital
from vs_toolkit.metrics.measures import customers as customers
from vs_toolkit.metrics.measures import efficiency as efficiency
from vs_toolkit.metrics.measures import profit as profit
from vs_toolkit.metrics.measures import value as value
