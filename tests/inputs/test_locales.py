"""The whole example company as Excel in Germany saves it: read without one edit, to the same values."""

import shutil

import pandas as pd

from tests.shared import ROOT
from vs_toolkit.inputs import read_source

NUMBER, DAY = r"-?\d+\.\d+|", r"\d{4}-\d\d-\d\d|"


def german(column):
    """Decimal commas, dd.mm.yyyy."""
    if (column != "").any() and column.str.fullmatch(NUMBER).all():
        return column.str.replace(".", ",")
    if (column != "").any() and column.str.fullmatch(DAY).all():
        return column.where(column == "", column.str[8:] + "." + column.str[5:7] + "." + column.str[:4])
    return column


def title(name):
    return name.replace("_", " ").title()


def test_the_example_company_in_german_csv_is_the_same_company(tmp_path):
    demo = ROOT / "data/demo"
    for file in demo.glob("*.csv"):
        table = pd.read_csv(file, dtype="str", keep_default_na=False).apply(german).rename(columns=title)
        target = tmp_path / f"{title(file.stem)}.csv"
        table.to_csv(target, index=False, sep=";", encoding="utf-8-sig", lineterminator="\r\n")
    shutil.copytree(demo / "cases", tmp_path / "cases")
    theirs, ours = read_source(tmp_path), read_source(demo)
    assert theirs.problems == ()
    assert theirs.cases == ours.cases
    for name, frame in ours.tables.items():
        pd.testing.assert_frame_equal(theirs.tables[name], frame)
