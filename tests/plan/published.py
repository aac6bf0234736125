"""Published figures: statements of Apple and Microsoft (10-K, USD million) and worked textbook cases.

Statements and ratios: github JerBouma/FinanceToolkit @99e649c (MIT), tests/csv and
tests/ratios/csv/test_ratios_controller; years 2020 to 2023.
"""

APPLE = {
    "revenue": [274515, 365817, 394328, 383285],
    "cost_of_goods": [169559, 212981, 223546, 214137],
    "receivables": [16120, 26278, 28184, 29508],
    "inventory": [4061, 6580, 4946, 6331],
    "payables": [42296, 54763, 64115, 62611],
    "operating_income": [66288, 108949, 119437, 114301],
    "net_income": [57411, 94680, 99803, 96995],
    "interest": [2873, 2645, 2931, 3933],
    "tax": [9680, 14527, 19300, 16741],
    "total_assets": [323888, 351002, 352755, 352583],
    "current_liabilities": [105392, 125481, 153982, 145308],
}
APPLE_DAYS = {
    "dso": [21.1517, 25.2057, 27.4699],
    "dio": [9.1181, 9.4097, 9.6109],
    "dpo": [83.1683, 97.0504, 108.0033],
    "ccc": [-52.8985, -62.435, -70.9225],
}
APPLE_ROCE = [0.3202, 0.496, 0.6139, 0.5677]
APPLE_MARGINS = {
    "gross_margin": [0.3823, 0.4178, 0.4331, 0.4413],
    "operating_margin": [0.2415, 0.2978, 0.3029, 0.2982],
    "net_margin": [0.2091, 0.2588, 0.2531, 0.2531],
}
MICROSOFT_DAYS = {  # the same folder, as of commit 6418515
    "dso": [76.0605, 75.7577, 80.0472],
    "ccc": [-4.8682, -5.1802, -5.4435],
}
