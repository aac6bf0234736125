"""Published cases of the operating model: links between systems, responsibilities, agreement of raters."""

import json

import pytest

from tests.shared import shared
from vs_toolkit import estimates, operating


def case(name):
    cases = json.loads(shared("truth/customers.json").read_text())["cases"]
    return next(case for case in cases if case["name"] == name)


def test_links_between_systems_as_the_book_counts_them():
    given = case("integration_links")
    found = [operating.integration(n, given["inputs"]["cost_per_link"]) for n in given["inputs"]["systems"]]
    assert [one.links for one in found] == given["expected"]["links"]
    assert [one.cost for one in found] == given["expected"]["cost"]
    assert [one.hub_links for one in found] == given["inputs"]["systems"]  # a hub needs n


def test_violations_of_responsibilities():
    given = case("responsibility_checks")
    found = operating.arsci_violations(given["inputs"]["matrix"])
    assert {name: list(getattr(found, name)) for name in given["expected"]} == given["expected"]


def test_fleiss_kappa_of_wikipedia():
    given = case("fleiss_kappa_wikipedia")
    kappa = estimates.fleiss_kappa(given["inputs"]["counts_by_subject_and_category"])
    assert kappa == pytest.approx(given["expected"], abs=given["tolerance"])
