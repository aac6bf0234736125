"""What a sample says about a rate: intervals, shrinkage, agreement of raters, lift after events."""

from vs_toolkit.estimates.agreement import ICC, cohen_kappa, fleiss_kappa, icc, krippendorff
from vs_toolkit.estimates.events import lift, rates_after
from vs_toolkit.estimates.intervals import difference, effective_size, jeffreys, ratio, wilson
from vs_toolkit.estimates.shrinkage import ShrunkRates, mean_and_interval, shrink_rates
from vs_toolkit.estimates.significance import SIGNIFICANT, homogeneity, p_text, significance

__all__ = [
    "ICC",
    "SIGNIFICANT",
    "ShrunkRates",
    "cohen_kappa",
    "difference",
    "effective_size",
    "fleiss_kappa",
    "homogeneity",
    "icc",
    "jeffreys",
    "krippendorff",
    "lift",
    "mean_and_interval",
    "p_text",
    "rates_after",
    "ratio",
    "shrink_rates",
    "significance",
    "wilson",
]
