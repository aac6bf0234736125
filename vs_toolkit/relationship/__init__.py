"""Relationship NPV: what a customer relationship is worth and what it takes (book, chapters 6 and 9)."""

from vs_toolkit.relationship.allocation import (
    Allocation,
    ShadowPrices,
    allocate,
    assign_teams,
    choose_options,
    shadow_prices,
)
from vs_toolkit.relationship.curve import Curve, curve
from vs_toolkit.relationship.dependence import Dependence, dependence
from vs_toolkit.relationship.history import history, joined, opening_capital
from vs_toolkit.relationship.investments import Register, register
from vs_toolkit.relationship.lifetime import lifetime_value, migration_value
from vs_toolkit.relationship.plan import Horizon, Plans, read_plans
from vs_toolkit.relationship.retention import (
    SBG,
    retention,
    retention_by_tenure,
    retention_from_life,
    sbg_fit,
    sbg_survival,
)
from vs_toolkit.relationship.teams import Capacity, Game, best_by_capacity, game_of, options
from vs_toolkit.relationship.value import Flows, Terms, Valuation, expected_flows
from vs_toolkit.relationship.what_if import WhatIf, what_if

__all__ = [
    "SBG",
    "Allocation",
    "Capacity",
    "Curve",
    "Dependence",
    "Flows",
    "Game",
    "Horizon",
    "Plans",
    "Register",
    "ShadowPrices",
    "Terms",
    "Valuation",
    "WhatIf",
    "allocate",
    "assign_teams",
    "best_by_capacity",
    "choose_options",
    "curve",
    "dependence",
    "expected_flows",
    "game_of",
    "history",
    "joined",
    "lifetime_value",
    "migration_value",
    "opening_capital",
    "options",
    "read_plans",
    "register",
    "retention",
    "retention_by_tenure",
    "retention_from_life",
    "sbg_fit",
    "sbg_survival",
    "shadow_prices",
    "what_if",
]
