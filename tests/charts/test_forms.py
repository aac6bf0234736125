"""The shared forms: what is drawn from given numbers, what is written, and what bad or thin input gives."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from vs_toolkit.charts import BLUE, LIGHT, drawn, figure, forms, rows, style

TITLE = "The finding, with a number"
LONG = "Fewer unplanned stoppages of the packaging line in the second plant at night"
MONTHS = pd.date_range("2025-07-01", periods=12, freq="MS")


def draw(form, *given, **options):
    _, ax = figure()
    form(ax, *given, title=TITLE, **options)
    return ax


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def widths(ax):
    return [float(bar.get_width()) for bar in ax.patches]


def heights(ax):
    return [float(bar.get_height()) for bar in ax.patches]


def row_names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def segments(ax, place=0):
    return ax.collections[place].get_segments()


def points(ax, place):
    return ax.lines[place].get_xdata().tolist()


def key_names(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# bridge


def test_a_bridge_ends_at_the_sum_and_each_step_begins_where_the_last_one_ended():
    ax = draw(forms.bridge, pd.Series({"Less scrap": 300.0, "Price": -120.0}), "EUR", total="NPV")
    assert widths(ax) == [300, -120, 180]  # 300 - 120 = 180
    assert [bar.get_x() for bar in ax.patches] == [0, 300, 0]
    assert row_names(ax) == ["Less scrap", "Price", "NPV"]
    assert texts(ax) == ["+300", "−120", "180"]


def test_no_line_runs_through_the_label_of_a_bar_that_ends_just_below_zero():
    ax = draw(forms.bridge, pd.Series({"Gain": 100.0, "Price": -130.0, "Salvage": 20.0}), "EUR")
    # ends: 100, 100 (where Price begins), -10 and 0; the label of Salvage begins beside the line at 0
    assert [text.xy[0] for text in ax.texts] == [100, 100, 0, 0]


def test_a_bridge_from_a_level_writes_it_without_a_sign():
    ax = draw(forms.bridge, pd.Series({"x": 1000.0, "Lost": -100.0}), "EUR", total="2026", start="2025")
    assert row_names(ax) == ["2025", "Lost", "2026"] and texts(ax) == ["1,000", "−100", "900"]


def test_an_unknown_step_is_said_and_adds_nothing():
    ax = draw(forms.bridge, pd.Series({"Known": 5.0, "Unknown": np.nan}), "EUR")
    assert texts(ax) == ["+5", "not known", "5"] and widths(ax) == [5, 0, 5]


# tornado


def test_a_tornado_turns_about_the_centre_whichever_end_is_the_worse():
    swings = pd.DataFrame({"name": ["a", "b"], "low": [40.0, 130.0], "high": [160.0, 80.0]})
    ax = draw(forms.tornado, swings, 100.0, "EUR")
    assert widths(ax) == [-60, -20, 60, 30]  # down to 40 and 80, up to 160 and 130, seen from 100
    assert texts(ax) == ["40", "160", "80", "130"]


# dots


def test_dots_stand_at_their_values_on_their_intervals():
    frame = pd.DataFrame(
        {"value": [0.2, 0.5], "low": [0.1, np.nan], "high": [0.4, np.nan]}, index=["Lead", "Offer"]
    )
    ax = draw(forms.dots, frame, "share", reference=0.3, reference_label="all")
    assert points(ax, 1) == [0.2, 0.5]  # line 0 is the reference
    assert [line.tolist() for line in segments(ax)] == [[[0.1, 0], [0.4, 0]]]  # none for Offer: not known
    assert ax.get_xlabel() == "line: all, 30%" and texts(ax) == ["20%", "50%"]


def test_further_marks_stand_in_the_key_and_texts_behind_the_furthest():
    frame = pd.DataFrame({"value": [0.2], "low": [0.1], "high": [0.3], "default": [0.9], "text": ["2 of 10"]},
                         index=["Lead"])  # fmt: skip
    ax = draw(forms.dots, frame, "share", marks={"value": "measured", "default": "default probability"})
    assert key_names(ax) == ["measured", "default probability"]
    assert texts(ax) == ["2 of 10"] and ax.texts[0].xy == (0.9, 0)


def test_groups_of_dots_differ_in_shape():
    frame = pd.DataFrame({"value": [1.0, 2.0], "group": ["customer", "us"]}, index=["A", "B"])
    ax = draw(forms.dots, frame, "EUR")
    assert [line.get_marker() for line in ax.lines] == ["o", "s"] and key_names(ax) == ["customer", "us"]


# dumbbell


def test_a_dumbbell_writes_the_change_and_none_where_one_end_is_missing():
    frame = pd.DataFrame({"before": [0.2, np.nan], "after": [0.5, 0.4]}, index=["Strategy", "Tools"])
    ax = draw(forms.dumbbell, frame, "share", labels=("2025", "2026"))
    assert texts(ax) == ["+30.0 points"] and key_names(ax) == ["2025", "2026"]
    assert [line.tolist() for line in segments(ax)] == [[[0.2, 0], [0.5, 0]]]


def test_values_behind_a_dumbbell_are_ticks():
    others = pd.DataFrame({"North": [0.1], "South": [0.9]}, index=["Strategy"])
    frame = pd.DataFrame({"before": [0.2], "after": [0.5]}, index=["Strategy"])
    ax = draw(forms.dumbbell, frame, "share", others=others, others_label="units")
    assert points(ax, 0) == [0.1, 0.9] and key_names(ax) == ["before", "now", "units"]


# bars


def test_bars_are_as_long_as_their_values_and_losses_go_left():
    ax = draw(forms.bars, pd.Series({"North": 30.0, "South": -10.0, "West": np.nan}), "EUR")
    assert widths(ax) == [30, -10, 0] and texts(ax) == ["30", "−10", "not known"]


def test_bars_that_are_not_strong_are_light():
    ax = draw(forms.bars, pd.Series({"Price": 4.0, "Other": 2.0}), "", strong=["Price"])
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [BLUE.lower(), LIGHT]


def test_a_stack_parts_gains_and_losses_and_writes_the_sum():
    parts = pd.DataFrame({"Won": [5.0], "Lost": [-2.0], "Missing": [1.0]}, index=["A"])
    ax = draw(forms.bars, parts, "EUR", hatched=["Missing"])
    assert [bar.get_x() for bar in ax.patches] == [0, 0, 5]  # the loss from zero to the left
    assert [bar.get_hatch() for bar in ax.patches][2] == "////"
    assert texts(ax) == ["4"]  # 5 - 2 + 1


def test_the_outline_of_a_bar_moves_the_text_beyond_it():
    ax = draw(forms.bars, pd.Series({"A": 8.0}), "EUR", outline=pd.Series([10.0]), texts=["80%"],
              labels=("realised", "promised"))  # fmt: skip
    assert widths(ax) == [8, 10] and ax.texts[0].xy == (10, 0) and key_names(ax) == ["realised", "promised"]


# bullet


def test_a_bullet_draws_what_is_known():
    frame = pd.DataFrame({"actual": [90.0, 30.0], "target": [100.0, np.nan], "previous": [80.0, np.nan]},
                         index=["Sales", "Cash"])  # fmt: skip
    ax = draw(forms.bullet, frame, "days")
    assert widths(ax) == [90, 30]
    assert [line.tolist() for line in segments(ax)] == [[[100, -0.36], [100, 0.36]]]
    assert key_names(ax) == ["actual", "target", "previous"]


# lines


def test_lines_are_named_at_their_ends_with_the_last_known_value():
    frame = pd.DataFrame({"plan": [0.0, 10.0], "actual": [8.0, np.nan]}, index=[2025, 2026])
    ax = draw(forms.lines, frame, "EUR")
    assert texts(ax) == ["plan: EUR 10", "actual: EUR 8"]
    assert all(text.xy[0] == 2026 for text in ax.texts)  # a leader goes to the one that ended before


def test_names_of_lines_that_end_together_stand_apart():
    frame = pd.DataFrame({"Lead": [0.3, 0.1], "Offer": [0.5, 0.1], "Order": [0.4, 0.1]}, index=[0, 30])
    ax = draw(forms.lines, frame, "share", end_values=False)
    places = sorted(text.xy[1] for text in ax.texts)
    assert np.diff(places).min() > 0.03


def test_bands_are_not_lines_and_named_places_are_marked():
    frame = pd.DataFrame({"npv": [1.0, 2.0], "low": [0.5, 1.0], "high": [1.5, 3.0]}, index=MONTHS[:2])
    ax = draw(forms.lines, frame, "EUR", bands={"npv": ("low", "high")}, mark={"today": MONTHS[0]},
              points={"best": (MONTHS[1], 2.0)})  # fmt: skip
    assert texts(ax) == ["npv: EUR 2", "best", "today"] and len(ax.collections) == 1


def test_a_scale_of_names_is_written_as_names():
    ax = draw(forms.lines, pd.DataFrame({"us": [1.0, 2.0]}, index=["past", "today"]), "")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["past", "today"]


# flows


def test_flows_stack_gains_up_and_costs_down_with_the_running_total():
    parts = pd.DataFrame({"margin": [0.0, 300.0], "effort": [-100.0, -50.0]}, index=[0, 1])
    total = pd.Series({0: -100.0, 1: 150.0})
    ax = draw(forms.flows, parts, "EUR", line=total, points={"payback": (0.4, 0.0)})
    assert heights(ax) == [0, 300, -100, -50]
    assert texts(ax) == ["cumulative\nEUR 150", "payback"] and key_names(ax) == ["margin", "effort"]


def test_flows_of_the_plan_are_lighter():
    ax = draw(forms.flows, pd.Series({2025: 1.0, 2026: 1.0}), "EUR", plan_from=2026)
    assert [bar.get_alpha() for bar in ax.patches] == [1.0, 0.45] and texts(ax) == ["plan"]


# months


def test_months_to_come_are_hollow_beside_those_that_were():
    frame = pd.DataFrame({"actual": [5.0, np.nan], "expected": [np.nan, 6.0], "low": [np.nan, 4.0],
                          "high": [np.nan, 8.0], "target": [5.0, 5.0]}, index=MONTHS[:2])  # fmt: skip
    ax = draw(forms.months, frame, "EUR")
    assert heights(ax) == [5, 6] and [bar.get_facecolor()[:3] for bar in ax.patches][1] == (1, 1, 1)
    assert key_names(ax) == ["actual", "expected", "80% interval", "target"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Jul\n2025", "Aug"]


def test_a_month_with_both_shows_the_expected_as_a_dot():
    frame = pd.DataFrame({"actual": [5.0], "expected": [6.0], "low": [4.0], "high": [8.0]}, index=MONTHS[:1])
    ax = draw(forms.months, frame, "EUR")
    assert heights(ax) == [5] and ax.lines[0].get_ydata().tolist() == [6]


def test_what_is_added_stands_on_the_rest_of_the_expected():
    frame = pd.DataFrame({"expected": [6.0], "added": [2.0]}, index=MONTHS[:1])
    ax = draw(forms.months, frame, "", labels={"added": "leads to come"})
    assert heights(ax) == [4, 2] and key_names(ax) == ["expected", "leads to come"]


# matrix


def test_a_matrix_writes_each_cell_and_leaves_what_is_unknown_empty():
    frame = pd.DataFrame({"North": [300.0, np.nan], "Total": [300.0, 5.0]}, index=["Acme", "Borg"])
    ax = draw(forms.matrix, frame, "EUR", totals=["Total"])
    assert texts(ax) == ["EUR", "300", "300", "5"]
    assert [t.get_weight() for t in ax.texts if t.get_text() == "5"] == ["bold"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["North", "Total"]


def test_letters_have_the_colour_of_their_meaning_and_violations_an_edge():
    frame = pd.DataFrame({"Sales": ["A", "R"], "Service": ["A", None]}, index=["Offer", "Order"])
    ax = draw(forms.matrix, frame, colours={"A": "#000080"}, outlined=[("Order", "Service")])
    assert texts(ax) == ["A", "A", "R"]
    assert ax.texts[0].get_color() == "white"  # on dark blue
    (edge,) = ax.collections[-1].get_paths()
    assert edge.get_extents().x0 == pytest.approx(1.04) and edge.get_extents().y0 == pytest.approx(1.04)


# histogram


def test_no_bar_of_a_histogram_lies_on_both_sides_of_the_threshold():
    ax = draw(forms.histogram, np.linspace(-10, 30, 401), "EUR", threshold=0.0, marks={"P50": 10.0})
    below = [bar for bar in ax.patches if bar.get_hatch()]
    assert sum(bar.get_height() for bar in below) == 100  # -10, -9.9, ..., -0.1
    assert max(bar.get_x() + bar.get_width() for bar in below) == pytest.approx(0, abs=1e-9)
    assert texts(ax) == ["P50\nEUR 10"]


def test_few_values_far_out_are_counted_and_not_drawn():
    values = np.append(np.linspace(0, 1, 1000), [500.0, 900.0])
    ax = draw(forms.histogram, values, "EUR")
    assert ax.get_xlabel() == "EUR; 2 of 1,002 values lie outside" and ax.get_xlim()[1] < 2


# scatter


def test_a_scatter_draws_and_names_its_points_with_dividers_and_links():
    frame = pd.DataFrame({"x": [1.0, 3.0, np.nan], "y": [2.0, 1.0, 1.0], "label": ["Ana", "Bert", "Cleo"]})
    ax = draw(forms.scatter, frame, x_label="attitude", y_label="influence", x_divide=2.0, ghost=(1.5, 1.5),
              corners=["up", "", "", "drop"], links=[("Ana", "Bert", ""), ("Ana", "Zoe", "")])  # fmt: skip
    assert texts(ax) == ["Ana", "Bert", "up", "drop"]
    assert segments(ax)[0].tolist() == [[1, 2], [3, 1]]
    assert [line.get_xdata()[0] for line in ax.lines] == [2.0, 1.5, 0]


def test_where_names_find_no_room_the_larger_point_keeps_its_name():
    crowd = pd.DataFrame(
        {"x": np.full(60, 0.5), "y": 0.5, "size": range(60), "label": [f"Number {i}" for i in range(60)]}
    )
    crowd = pd.concat([crowd, pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0], "label": ["", ""]})])
    ax = draw(forms.scatter, crowd, x_label="a", y_label="b")
    assert texts(ax)[0] == "Number 59" and len(texts(ax)) < 10


def test_size_is_area_and_movers_have_arrows():
    frame = pd.DataFrame(
        {
            "x": [0.0, 1.0],
            "y": [0.0, 1.0],
            "size": [100.0, 50.0],
            "to_x": [np.nan, 2.0],
            "to_y": [np.nan, 2.0],
        }
    )
    ax = draw(forms.scatter, frame, x_label="a", y_label="b")
    arrows, dots = ax.collections
    assert (arrows.U.tolist(), arrows.V.tolist()) == ([1], [1])
    assert dots.get_sizes().tolist() == [400, 208]  # 16 + 384 × share of the largest


# swimlanes


def test_swimlanes_stand_below_each_other_and_overlaps_in_rows():
    steps = pd.DataFrame(
        [
            ("Customer", "Need", 0, 2, "Budget"),
            ("Customer", "Compare", 1, 3, ""),
            ("We", "Qualify", 0, 2, None),
        ],
        columns=["lane", "phase", "start", "end", "milestone"],
    )
    ax = draw(forms.swimlanes, steps)
    assert [(bar.get_x(), float(bar.get_width())) for bar in ax.patches] == [(0, 2), (1, 2), (0, 2)]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches]
    assert middles == pytest.approx([0, 1, 2.35])
    assert texts(ax) == ["Need", "Compare", "Qualify", "Budget"] and row_names(ax) == ["Customer", "We"]


# all of them

COLUMNS = "name low high value before after actual x y lane phase start end"
EMPTY = pd.DataFrame(columns=COLUMNS.split(), dtype=float)
NOTHING = {
    "bridge": (pd.Series(dtype=float), "EUR"),
    "tornado": (EMPTY, 0.0, "EUR"),
    "dots": (EMPTY, "share"),
    "dumbbell": (EMPTY, "share"),
    "bars": (pd.Series({"a": np.nan}), "EUR"),
    "bullet": (EMPTY, "EUR"),
    "lines": (pd.DataFrame({"a": [np.nan]}), "EUR"),
    "flows": (pd.Series(dtype=float), "EUR"),
    "months": (EMPTY, "EUR"),
    "matrix": (EMPTY, "EUR"),
    "histogram": ([3.0, 3.0], "EUR"),
    "scatter": (EMPTY,),
    "swimlanes": (EMPTY,),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_there_is_nothing_to_draw_only_the_title_is_left(name):
    labels = {"x_label": "a", "y_label": "b"} if name == "scatter" else {}
    ax = draw(getattr(forms, name), *NOTHING[name], **labels)
    assert ax.get_title(loc="left") == TITLE and not ax.axison


def intervals(count):
    value = np.linspace(0.6, 0.1, count)
    names = [LONG, *(f"Person {i}" for i in range(count - 1))]
    return pd.DataFrame(
        {"value": value, "low": value - 0.09, "high": value + 0.1, "default": 0.5}, index=names
    )


def full(name):
    """Figure of each form with long names and large and small amounts."""
    given = {
        "bridge": (pd.Series({LONG: 3.1e6, "Price": -2e5, "Mix": 1e3}), "EUR"),
        "tornado": (
            pd.DataFrame({"name": [LONG, "b"], "low": [1e6, 1.1e6], "high": [2e6, 1.2e6]}), 1.15e6, "EUR",
        ),
        "dots": (intervals(8), "share"),
        "dumbbell": (pd.DataFrame({"before": [0.2, 0.9], "after": [0.5, 0.1]}, index=[LONG, "b"]), "share"),
        "bars": (pd.DataFrame({"Sold": [3e6, 2e4], "Lost": [-1e6, -3e6]}, index=[LONG, "b"]), "EUR"),
        "bullet": (
            pd.DataFrame({"actual": [9e5, -1e5], "target": [1e6, 1e5], "low": [5e5, 0], "high": [9e5, 1e5]},
                         index=[LONG, "b"]), "EUR",
        ),
        "lines": (
            pd.DataFrame(np.arange(36.0).reshape(12, 3) * 1e5, MONTHS, ["orders", "deliveries", LONG]), "EUR",
        ),
        "flows": (pd.Series({0: -9e5, 1: 2e5, 2: 9e5}), "EUR"),
        "months": (pd.DataFrame({"actual": np.arange(12) * 1e5, "target": 5e5}, index=MONTHS), "EUR"),
        "matrix": (
            pd.DataFrame(np.arange(144.0).reshape(12, 12) * 1e4, [LONG, *"abcdefghijk"],
                         [f"Customer {i}" for i in range(12)]), "EUR",
        ),
        "histogram": (np.linspace(0, 1, 99) ** 3 * 1e6, "EUR"),
        "scatter": (
            pd.DataFrame({"x": np.arange(9) % 3, "y": np.arange(9) // 3,
                          "label": [f"Customer {i}" for i in range(9)]}),
        ),
        "swimlanes": (
            pd.DataFrame([("Customer", "Specify requirements", 0, 1, "Specification"),
                          ("Customer", "Use", 1, 2, "")],
                         columns=["lane", "phase", "start", "end", "milestone"]),
        ),
    }  # fmt: skip
    options = {
        "dots": {"marks": {"value": "measured, 90% interval", "default": "default probability"}},
        "lines": {"mark": {"today": MONTHS[5]}},
        "flows": {
            "line": pd.Series({0: -9e5, 1: -7e5, 2: 2e5}),
            "points": {"payback 1.8 years": (1.8, 0.0), "deepest funding": (0.0, -9e5)},
        },
        "histogram": {"marks": {"P10": 1e3, "P50": 1.25e5, "P90": 7e5}},
        "scatter": {"x_label": "a", "y_label": "b"},
    }
    data = given[name]
    height = rows(len(data[0])) if name in ("bridge", "tornado", "dots", "bars", "matrix", "bullet") else 3.0
    return drawn(getattr(forms, name), height, *data, title=TITLE, **options.get(name, {}))


@pytest.mark.parametrize("name", NOTHING)
def test_no_text_of_a_form_covers_another_or_is_cut_off(name):
    fig = full(name)
    (ax,) = fig.axes
    ax.set_title("", loc="left")  # the page writes it
    with style():
        fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    key = ax.get_legend().get_texts() if ax.get_legend() else []
    written = [*ax.texts, *key, ax.xaxis.label, ax.yaxis.label, *shown(ax.xaxis), *shown(ax.yaxis)]
    found = [(t.get_text(), t.get_window_extent(renderer)) for t in written if t.get_text()]
    page = fig.bbox.padded(2)
    assert [text for text, box in found if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0] == []
    for (one, here), (other, there) in combinations(found, 2):
        assert not here.padded(-1.5).overlaps(there.padded(-1.5)), f"{one} lies over {other}"


def shown(axis):
    low, high = sorted(axis.get_view_interval())
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return (
        [t for tick in ticks for t in (tick.label1, tick.label2) if t.get_visible()]
        if axis.get_visible()
        else []
    )


@pytest.mark.parametrize("name", NOTHING)
def test_a_form_leaves_the_style_as_it_was(name):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    full(name)
    assert dict(mpl.rcParams) == before
