"""What people read is plain professional English: phrases that were found and replaced do not come back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

REPLACED = """
with interest
money is back
is put up
after all that it takes
profit after capital charge
profit after the charge for capital
stands against a cost of capital
money lent and borrowed
when the money comes
how sure it is
how it spreads
what it depends on
what it rests on
what waiting costs
adverse
favourable
moves the value most
changes its sign
draws of ten
value is zero at
moves the value by
everything moves by the delay
the lost months do not come back
claims and experience
ways of sharing
who bears what
ways to set a price
came true
needed alone
part of the need
to decide: order
when it has ramped up
goes back at the horizon
what each status is worth
is worth something else
not contradicted
who promises more than comes
not distinguishable from chance
taken to be
as counted
would the probabilities have been right
means most nearly what it says
looks at open cases
orders that came
expected for each order
in 8 of 10 times
too much by
off by
against last month
is it wide, long or right
of late
let expect
which cases need what
worth most of those
what to put right
stands here twice
nine of ten within
count with what was measured
stays in a status
from which everything is seen
what is done, failed
what the batch saw
name of ours
path of yours
the input cannot be used
told at once
stops nobody
text that is no text
one of ours
who of ours
nothing is said
cannot be told
""".strip().splitlines()
PATTERN = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, REPLACED))})(?![\w-])", re.IGNORECASE)


def texts() -> Iterator[tuple[str, str]]:
    for folder, kinds in (("vs_toolkit", "py"), ("templates", "j2 css js yaml"), ("docs", "md"), (".", "md")):
        walk = (ROOT / folder).glob if folder == "." else (ROOT / folder).rglob
        for kind in kinds.split():
            for path in walk(f"*.{kind}"):
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        yield from ((f"notebooks/{path.name}", text) for text in shown(path))


def shown(path: Path) -> Iterator[str]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", ()):
            yield re.sub("<[^>]*>", " ", json.dumps(output.get("data", {}), ensure_ascii=False))


def test_no_replaced_phrase_is_left():
    found = [
        f"{name}: …{text[max(0, match.start() - 40) : match.end() + 40]}…"
        for name, text in texts()
        for text in [" ".join(text.split())]
        for match in PATTERN.finditer(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["It pays, with interest, after 3 months", "the ADVERSE case"])
def test_the_search_finds_them(text):
    assert PATTERN.search(text)


def test_no_number_of_a_capability_is_left():
    pattern = re.compile(r"\(V\d{1,2}\)|\bV\d{1,2}[–-]V\d{1,2}\b|capability V\d")
    assert not [name for name, text in texts() if pattern.search(text)]
