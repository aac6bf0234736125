import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, in_common, with_size


def closed(**groups: tuple[int, int]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"product": name, "outcome": ["won"] * w + ["lost"] * n})
        for name, (w, n) in groups.items()
    ]
    return pd.concat(parts, ignore_index=True)


def test_a_group_is_compared_with_all_others():
    table = hit_rates_by(closed(Pump=(8, 2), Line=(3, 7), Service=(4, 6)))
    pump = table.loc[("product", "Pump")]
    assert pump[["closed", "won", "hit_rate", "others"]].tolist() == [10, 8, 0.8, 0.35]  # 7 of 20
    assert pump["p_value"] == pytest.approx(stats.fisher_exact([[8, 2], [7, 13]]).pvalue)


def test_jeffreys_interval_of_ten_of_twenty():
    line = hit_rates_by(closed(Line=(10, 10), Pump=(1, 1))).loc[("product", "Line")]
    low, high = stats.beta.ppf([0.05, 0.95], 10.5, 10.5)
    assert line[["low", "high"]].tolist() == pytest.approx([low, high])


def test_adjusted_by_benjamini_and_hochberg():
    table = hit_rates_by(closed(A=(30, 10), B=(10, 30), C=(20, 20), D=(21, 19)))
    p = np.sort(table["p_value"].to_numpy())
    # Smallest over the larger ranks of p x 4 / rank.
    expected = [min(p[j] * 4 / (j + 1) for j in range(i, 4)) for i in range(4)]
    assert np.sort(table["adjusted"].to_numpy()) == pytest.approx(expected)


def test_a_hundred_comparisons_of_chance_find_next_to_nothing():
    rng = np.random.default_rng(11)
    factors = {f"factor {i}": rng.choice(["a", "b"], 300) for i in range(50)}
    cases = pd.DataFrame({"outcome": np.where(rng.random(300) < 0.3, "won", "lost"), **factors})
    table = hit_rates_by(cases, list(factors))
    assert (table["p_value"] < 0.05).sum() >= 2  # alone each would be called a difference
    assert not table["stands_out"].any()
    assert in_common(table) == ("Nothing stands out: 100 comparisons, none more than chance",)


def test_a_real_difference_is_said_in_words():
    said = in_common(hit_rates_by(closed(Pump=(40, 10), Line=(10, 40))))
    assert said[0] == "product Line: 20% of 50 closed cases won, of the others 80%"


def test_what_is_missing_is_a_group_of_its_own_and_open_cases_do_not_count():
    cases = closed(Pump=(2, 2)).assign(segment=["A", None, "A", None])
    cases = pd.concat([cases, pd.DataFrame({"outcome": ["open"], "product": ["Pump"], "segment": ["A"]})])
    table = hit_rates_by(cases, ["segment"])
    assert table["closed"].to_dict() == {("segment", "A"): 2, ("segment", "not recorded"): 2}


def test_one_group_has_nothing_to_differ_from():
    table = hit_rates_by(closed(Pump=(3, 4)))
    assert table["p_value"].isna().all() and table["others"].isna().all() and not table["stands_out"].any()


@pytest.mark.parametrize(
    "cases", [closed(Pump=(0, 0)), closed(Pump=(0, 0)).assign(outcome="open"), closed(A=(0, 3), B=(0, 4))]
)
def test_empty_open_and_all_lost(cases):
    table = hit_rates_by(cases)
    assert not table["stands_out"].any()
    assert in_common(table)[0].startswith("Nothing stands out")


def test_quarters_by_value():
    sized = with_size(pd.DataFrame({"value": [5.0, 1.0, np.nan, 2.0, 8.0]}))
    assert sized["size"].tolist() == [
        "third quarter",
        "smallest quarter",
        None,
        "second quarter",
        "largest quarter",
    ]


def test_losses_by_reason_with_their_share():
    cases = pd.DataFrame(
        {
            "outcome": ["lost"] * 4 + ["won", "open"],
            "close_reason": ["Price", "Fit", "Price", None, "Price", None],
            "value": [10.0, np.nan, 30.0, 5.0, 99.0, 7.0],
        }
    )
    table = closed_by(cases, "close_reason")
    assert table["cases"].to_dict() == {"Price": 2, "Fit": 1, "not recorded": 1}
    assert table["share"].tolist() == [0.5, 0.25, 0.25]
    assert table.loc["Price", "value"] == 40 and np.isnan(table.loc["Fit", "value"])
    assert closed_by(cases, "close_reason", "won")["cases"].to_dict() == {"Price": 1}
    assert closed_by(cases.iloc[5:], "close_reason").empty
