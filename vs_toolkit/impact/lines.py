"""The lines of the statement: their names in code and on the page."""

from __future__ import annotations

from vs_toolkit.inputs.cases.business_case import CAPITAL_LINES

REVENUE, DIRECT, INDIRECT = "revenue", "direct_costs", "indirect_costs"
CHANGE, PRICE, DEPRECIATION, DISPOSALS = "costs_of_change", "provider_price", "depreciation", "disposals"
TERMINAL, TAX_PAYABLE = "terminal_value", "tax_payable"
OPERATING = (REVENUE, DIRECT, INDIRECT, CHANGE, PRICE)
INCOME = (*OPERATING, DEPRECIATION, DISPOSALS)
CAPITAL = CAPITAL_LINES
LABELS = {
    "revenue": "Revenue",
    "direct_costs": "Direct costs",
    "indirect_costs": "Indirect costs",
    "costs_of_change": "Implementation and own costs",
    "provider_price": "Price paid to the provider",
    "depreciation": "Depreciation",
    "disposals": "Gain or loss on disposal",
    "operating_profit": "Operating profit",
    "tax": "Tax",
    "terminal_value": "Terminal value",
    "nopat": "Operating profit after tax (NOPAT)",
    "capital_charge": "Capital charge",
    "eva": "Economic value added (EVA)",
    "inventory": "Inventory",
    "work_in_process": "Work in process",
    "receivables": "Receivables",
    "payables": "Payables",
    "fixed_assets": "Fixed assets",
    "tax_payable": "Tax payable",
    "capital_employed": "Capital employed",
}
