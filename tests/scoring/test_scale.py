import pytest

from vs_toolkit.errors import InputError
from vs_toolkit.scoring import load_scale, read_scale, scale_named
from vs_toolkit.shipped import shipped

GOOD = """\
name: mine
title: Mine
classes: {normal: 0, key: 60}
elements:
  - id: a
    title: A
    weight: 2
    scale: {0: nothing, 100: all}
  - id: b
    title: B
    elements:
      - id: c
        title: C
        unit: share
        points: [[0, 0], [50%, 100]]
""".replace("50%", "0.5")


def problems(text):
    with pytest.raises(InputError) as caught:
        load_scale(text, "mine.yaml")
    return str(caught.value).splitlines()


def test_a_good_scale():
    scale = load_scale(GOOD, "mine.yaml")
    assert {name: leaf.weight for name, leaf in scale.leaves.items()} == pytest.approx(
        {"a": 2 / 3, "c": 1 / 3}
    )
    assert scale.leaves["c"].group == "b"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "weight: 2",
            "weight: 0",
            "mine.yaml, line 7, elements[1].weight: write a number above 0 (found: 0)",
        ),
        (
            "weight: 2",
            "weigth: 2",
            "mine.yaml, line 7, elements[1].weigth: unknown field; did you mean 'weight'?",
        ),
        ("100: all}", "120: all}", "write a number of at most 100 (found: 120)"),
        (", 100: all}", "}", "line 8, elements[1].scale: give the text of at least two scores"),
        ("[0.5, 100]", "[0, 100]", "give at least two points, by ascending value"),
        ("    scale: {0: nothing, 100: all}\n", "", "line 5, elements[1]: give one of: scale"),
        ("normal: 0", "normal: 10", "line 3, classes: write classes from the lowest (at 0) to the highest"),
        ("id: c", "id: a", "line 12, elements[2].elements[1].id: stands twice, first on line 5; keep one"),
        ("title: Mine\n", "", "title: is missing"),
        ("name: mine", "name: !!python/object/apply:os.system [ls]", "not readable as YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old, new, expected):
    assert old in GOOD
    assert any(expected in line for line in problems(GOOD.replace(old, new)))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_scale(tmp_path / "no.yaml")


@pytest.mark.parametrize("file", sorted(shipped("templates", "scales").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_scale_that_comes_with_the_toolkit_bears_its_file_name(file):
    assert scale_named(file.stem).name == file.stem


def test_an_unknown_scale_is_named():
    with pytest.raises(LookupError, match="did you mean 'partnering'"):
        scale_named("partnerin")
