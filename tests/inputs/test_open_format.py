"""The Value Project's format: valid when written, exact when it comes back, nothing guessed in silence."""

import json

import jsonschema
import pytest

from tests.shared import ROOT
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_case
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.open_format import export_case, export_model, read_open
from vs_toolkit.inputs.cases.value_model import instantiate
from vs_toolkit.inputs.fields import Estimate

CASES = [
    p for folder in ("demo", "examples") for p in sorted((ROOT / "data" / folder / "cases").glob("*.yaml"))
]
MODELS = [path.stem for path in sorted((ROOT / "templates/models").glob("*.yaml"))]
TEXT, NAMES = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
SCHEMA = {  # what their schema 1.0.0 requires, in our own words
    "type": "object",
    "required": ["schema_version", "model_id", "product_name", "variables", "value_drivers",
    "tiers_and_modules"],
    "properties": {
        "schema_version": {"const": "1.0.0"},
        "variables": {"items": {
            "required": ["name", "display_name", "description", "type", "category"],
            "properties": {
                "name": {"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"},
                "type": {"enum": ["Money", "Numeric", "Percentage"]},
                "category": {"enum": ["Solution Variable", "Improvement Claim", "Market Variable",
                "Customer Variable"]},
                "default_value": {"type": "number"},
                "unit": TEXT,
            },
        }},
        "value_drivers": {"items": {
            "required": ["name", "equation", "description", "variables_used", "continuity_profile",
            "tiers_or_modules"],
            "properties": {
                "equation": TEXT, "variables_used": NAMES, "tiers_or_modules": NAMES,
                "continuity_profile": {
                    "required": ["type"],
                    "properties": {
                        "type": {"enum": ["one_time", "recurring"]},
                        "annual_decay_rate": {"type": "number", "minimum": 0, "maximum": 1},
                        "time_horizon_years": {"type": "integer", "minimum": 1},
                    },
                },
            },
        }},
        "tiers_and_modules": {"items": {"required": ["name", "module", "description"]}},
    },
}  # fmt: skip


def valid(document):
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft7Validator)
    declared = {variable["name"] for variable in document["variables"]}
    assert len(declared) == len(document["variables"])
    assert all(set(driver["variables_used"]) <= declared for driver in document["value_drivers"])
    return json.dumps(document)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_valid_and_comes_back_exactly(path):
    case = read_case(path)
    assert read_open(valid(export_case(case)), "x.json").case == case


@pytest.mark.parametrize("name", MODELS)
def test_a_value_model_is_valid_and_comes_back_exactly(name):
    model = model_finder("nowhere")(name)
    assert read_open(valid(export_model(model)), "x.json").model == model


@pytest.mark.parametrize("name", ["tractor"])
def test_what_others_would_compute_from_our_equations_is_our_value(name):
    model = model_finder("nowhere")(name)
    document = export_model(model)
    del document["x-vs-toolkit"]
    theirs = read_open(json.dumps(document), "x.json").model
    sizes = [effect["amount"].expected for effect in instantiate(theirs, {})]
    # cows 60 x 8 % x 110 = 528; 60 x 8500 x 15 % x 0.01 = 765
    assert sizes == pytest.approx([528, 765])


def document(equation="calls * minutes", drivers=None, **changes):
    variables = [
        {
            "name": "calls",
            "display_name": "Calls",
            "description": "Calls a year",
            "type": "Numeric",
            "category": "Customer Variable",
        },
        {
            "name": "minutes",
            "display_name": "Cost",
            "description": "Cost",
            "type": "Money",
            "category": "Customer Variable",
        },
        {
            "name": "saved",
            "display_name": "Saved",
            "description": "Saved",
            "type": "Percentage",
            "category": "Improvement Claim",
            "default_value": 30,
        },
    ]
    driver = {
        "name": "Fewer calls", "equation": equation, "description": "d", "variables_used": [],
        "category": "Cost Reduction",
        "continuity_profile": {"type": "recurring", "annual_decay_rate": 0.1, "time_horizon_years": 3},
        "tiers_or_modules": [],
    }  # fmt: skip
    base = {"schema_version": "1.0.0", "model_id": "m", "product_name": "P", "variables": variables,
            "value_drivers": drivers or [driver], "tiers_and_modules": []}  # fmt: skip
    return json.dumps(base | changes)


NUMBERS = {"calls": Estimate.of(1000), "minutes": Estimate.of(2)}


@pytest.mark.parametrize(
    ("equation", "percent", "size"),
    [
        ("calls * minutes * saved / 100", "", 600),  # 1000 x 2 x 30 / 100: the equation says that 30 is 30 %
        ("calls * minutes * (saved / 100)", "", 600),
        ("calls * minutes * saved", "whole", 600),  # the user says it
        ("calls * minutes * saved", "fraction", 60000),
    ],
)
def test_the_convention_of_percentages_is_decided_or_asked(equation, percent, size):
    model = read_open(document(equation), "x.json", percent).model
    assert instantiate(model, NUMBERS)[0]["amount"].expected == pytest.approx(size)


def test_an_undecidable_percentage_is_asked_for():
    with pytest.raises(InputError, match="say --percent whole or --percent fraction"):
        read_open(document("calls * minutes * saved"), "x.json")


def test_timing_dependencies_and_what_is_not_taken_over():
    extra = {"dependencies": [{"variable": "calls", "equation": "minutes * 10"}], "pain_points": []}
    imported = read_open(document("calls * minutes", **extra), "x.json")
    (effect,) = imported.model.effects
    assert effect["amount"] == "(minutes * 10) * minutes"
    assert (effect["growth"], effect["end_month"], effect["line"]) == (-0.1, 36, "indirect_cost")
    assert "calls" not in imported.model.variables
    assert "pain_points: not taken over" in imported.listed
    assert "Fewer calls: taken as indirect_cost (Cost Reduction); check it" in imported.listed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (document("Math.max(calls, 1)"), "a formula may hold names, numbers"),
        (document("calls ** 2"), "a formula may hold names, numbers"),
        (document("fetch('http://x')"), "a formula may hold names, numbers"),
        (document("calls * hours"), "uses hours, which the model does not declare"),
        ("{}", "is no value model of The Value Project"),
        ("[", "not readable as JSON"),
        (document(dependencies=[{"variable": "calls", "equation": "calls + 1"}]), "in a circle"),
    ],
)
def test_what_cannot_be_read_is_refused(text, words):
    with pytest.raises(InputError) as caught:
        read_open(text, "x.json")
    assert words in str(caught.value)
