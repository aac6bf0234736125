"""Published cases with their sources, as they were seen there; every expected value is theirs."""

MKNAP1 = {  # Petersen, OR-Library mknap1 problem 1: optimum 3800
    "value": [100, 600, 1200, 2400, 500, 2000],
    "use": [
        [8, 12, 13, 64, 22, 41],
        [8, 12, 13, 75, 22, 41],
        [3, 6, 4, 18, 6, 4],
        [5, 10, 8, 32, 6, 12],
        [5, 13, 8, 42, 6, 20],
        [5, 13, 8, 48, 6, 20],
        [0, 0, 0, 0, 8, 0],
        [3, 0, 4, 0, 8, 0],
        [3, 2, 4, 0, 8, 4],
        [3, 2, 4, 8, 8, 4],
    ],
    "capacity": [80, 96, 20, 36, 44, 48, 10, 18, 22, 24],
}
KNAPSACK_01 = {  # Kreher and Stinson, Combinatorial Algorithms; Burkardt's knapsack_01 p01: optimum 309
    "value": [92, 57, 49, 68, 60, 43, 67, 84, 87, 72],
    "cost": [23, 31, 29, 44, 53, 38, 63, 85, 89, 82],
    "budget": 165,
}
KNAPSACK_07 = {  # Burkardt's knapsack_01 p07: optimum 1458; taking the best ratio first is not optimal
    "value": [135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240],
    "cost": [70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120],
    "budget": 750,
}
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]  # Fader and Hardie (2007), table 1, high end
