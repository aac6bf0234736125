"""What a real browser makes of hostile text and markup: nothing runs, nobody is called, no cell is hidden.

Each test has its counterpart without the protection, in which the same attacks do succeed.
"""

import html
import random
import re
from pathlib import Path

import nh3
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.browser import asked, judged, needs_browser, opened, ran
from tests.reports.attacks import CALLS, CONNECTS, LEAVES, RUNS, SWALLOWS, numbered
from tests.reports.vectors import TOUCHED, TOUCHES, VECTORS
from vs_toolkit import reports
from vs_toolkit.reports import contents, render
from vs_toolkit.reports.harmless import HTML, SVG, harmless
from vs_toolkit.reports.index import index_html

pytestmark = needs_browser

POLICY = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')
SENTINEL = '<p id="after">still here</p>'


def page(*outputs: str, kind="text/html") -> str:
    cells = [new_code_cell(outputs=[new_output("display_data", {kind: output})]) for output in outputs]
    return render.render_html(new_notebook(cells=cells), "Report")


def open_the_gate(monkeypatch):
    """Let everything through as it is: the control that shows that attacks are attacks."""
    monkeypatch.setattr(contents, "harmless", str)
    monkeypatch.setattr(contents, "ACTIVE", re.compile("(?!)()"))


@pytest.fixture
def without_gate(monkeypatch):
    open_the_gate(monkeypatch)


def without_policy(text: str) -> str:
    assert POLICY.search(text)
    return POLICY.sub("", text)


def in_frames(*markups: str) -> str:
    frames = (f'<iframe srcdoc="{html.escape(markup)}"></iframe>' for markup in markups)
    return f"<!DOCTYPE html><html><body>{''.join(frames)}</body></html>"


def test_every_attack_that_runs_something_does_so_on_a_page_of_its_own(tmp_path):
    missing = set(range(len(RUNS))) - ran(tmp_path, in_frames(*numbered(RUNS)))
    assert [list(RUNS)[number] for number in missing] == []


def test_nothing_runs_in_a_report(tmp_path):
    assert ran(tmp_path, page(*numbered(RUNS))) == set()


def test_nothing_runs_in_a_report_even_if_its_policy_is_lost(tmp_path):
    assert ran(tmp_path, without_policy(page(*numbered(RUNS)))) == set()


def touched(folder, text):
    """Numbers of what runs on a page on which everything is touched that a reader could touch."""
    marks = ran(folder, text.replace("</body>", TOUCHES))
    assert TOUCHED in marks, "the page did not come to its end"
    return marks - {TOUCHED}


def test_no_known_vector_gets_through_ours_or_another_cleaner_and_raw_most_run(tmp_path):
    for clean in (harmless, nh3.clean):
        shown = "".join(f"<div>{clean(vector)}</div>" for vector in VECTORS)
        page = f"<!DOCTYPE html><html><body>{shown}</body></html>"
        assert [VECTORS[number] for number in touched(tmp_path, page)] == [], clean
    some = VECTORS[::4]
    assert len(touched(tmp_path, in_frames(*some))) > 0.7 * len(some)


def test_the_policy_alone_lets_nothing_run_that_would_run_without_it(tmp_path, without_gate):
    text = page(*numbered(RUNS))
    assert len(ran(tmp_path, without_policy(text))) > 10
    assert ran(tmp_path, text) == set()


def test_a_report_calls_nobody_and_without_protection_every_attack_would(tmp_path, monkeypatch):
    assert asked(tmp_path, page(CONNECTS, *CALLS.values())) == []
    assert asked(tmp_path, without_policy(page(CONNECTS, *CALLS.values()))) == []
    open_the_gate(monkeypatch)
    called = asked(tmp_path, without_policy(page(*CALLS.values())))
    assert {f"/{name}" for name in CALLS} - set(called) == set()
    assert asked(tmp_path, without_policy(page(CONNECTS))) == ["a call"]
    alone = asked(tmp_path, page(*CALLS.values()))  # the policy alone lets nothing be asked for
    assert set(alone) <= {"a call"}  # but browsers may connect before they read it


def test_a_report_leads_nowhere_by_itself_and_without_protection_it_would(tmp_path, monkeypatch):
    assert asked(tmp_path, without_policy(page(*LEAVES.values()))) == []
    open_the_gate(monkeypatch)
    for name, attack in LEAVES.items():
        assert asked(tmp_path, without_policy(page(attack)))[0].startswith(f"/{name}")
    assert asked(tmp_path, page(LEAVES["refresh"])) == ["/refresh"]  # which no policy forbids


# What a browser finds wrong in the document it makes of a page.
FINDS = Path(__file__).with_name("finds.js").read_text().replace("KNOWN", str(sorted(HTML | SVG)))


def judgements(markups, folder):
    """What the browser finds in each page that shows the markup, and another cell below it."""
    return judged([page(markup, SENTINEL) for markup in markups], FINDS, folder)


def test_no_output_hides_or_holds_what_follows_and_without_protection_it_would(tmp_path, monkeypatch):
    shown = [f"<b>A</b>{start}" for start in SWALLOWS.values()]
    found = dict(zip(SWALLOWS, judgements(shown, tmp_path), strict=True))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    open_the_gate(monkeypatch)
    found = dict(zip(SWALLOWS, judgements(shown, tmp_path), strict=True))
    of_themselves_harmless = {"end", "noscript", "frameset", "svg", "table", "row"}
    assert {name for name, wrong in found.items() if not wrong} <= of_themselves_harmless


PIECES = """
< > / " ' = & ; : - ! ? ` ( ) # \\ é İ \x00 \f \x0b \u2028 <!-- --> --!> <![CDATA[ ]]> <svg> </svg> <math>
<table> </table> <td> <p> </p> <b> </b> <a@href= javascript: java&Tab;script: &#x6a;avascript: vbscript:
data:, data:text/html, onerror= @onload=x@ style= url(//x) </style> <style> </script> <script> <title>
</title> <select> <br/> <path/> <g@fill="url(#a)"> </g> <foreignObject> <desc> <mtext> <annotation-xml>
<font@color=x>
<image@href=x> <use@href=x> <a@href="a:b"> <img@src=x> <p@style="color:red;x:url(y)"> <caption> <tr> <li>
<h1> </h1> <option> <nobr>
""".replace("\n", " ").split(" ")  # @ stands for a space
PIECES = [piece.replace("@", " ") for piece in PIECES] + ["\t", "\n"]
WHOLE = [*numbered(RUNS), *CALLS.values(), *LEAVES.values(), *SWALLOWS.values(), CONNECTS]


def mutated(draw: random.Random) -> str:
    """An attack with something of it changed, or pieces of attacks in any order."""
    if draw.random() < 0.4:
        return "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 14)))
    text = draw.choice(WHOLE)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text) + 1)
        text = draw.choice([
            text[:at] + draw.choice(PIECES) + text[at:],
            text[:at] + text[at + draw.randint(1, 5) :],
            text[:at],
            text.swapcase(),
            text.replace(" ", draw.choice(["/", "\t", "\n", "\f", "\x00", "  "])),
            text + draw.choice(WHOLE),
        ])  # fmt: skip
    return text


def test_mutations_of_attacks_leave_nothing_active_and_no_cell_hidden(tmp_path, monkeypatch):
    draw = random.Random(20260630)
    attacks = [mutated(draw) for _ in range(1500)]
    found = judgements(attacks, tmp_path)
    assert [pair for pair in zip(attacks, found, strict=True) if pair[1]] == []
    open_the_gate(monkeypatch)
    found = judgements(attacks[:300], tmp_path)
    assert sum(map(bool, found)) > 240


def strict_markup(draw: random.Random, depth: int = 0, inside: bool = False) -> str:
    """Known elements nested in any order, senseless but strictly written."""
    parts = []
    for _ in range(draw.randint(0, 3)):
        name = draw.choice(sorted(SVG if inside else HTML))
        if name in ("br", "col", "hr", "img", "wbr"):
            parts.append(f"<{name}>")
        elif depth < 6:
            within = strict_markup(draw, depth + 1, inside or name == "svg")
            parts.append(f"<{name}>{within}a</{name}>")
    return "".join(parts)


def test_what_passes_as_it_is_keeps_to_its_place_however_it_is_nested(tmp_path):
    draw = random.Random(1)
    markups = [strict_markup(draw) for _ in range(1500)]
    passed = [markup for markup in markups if harmless(markup) == markup]
    assert len(passed) == len(markups)
    found = judgements(passed, tmp_path)
    assert [pair for pair in zip(passed, found, strict=True) if pair[1]] == []


def row(text, **changes):
    return {
        "customer_id": text, "customer_name": text, "notebook": "impact", "edition": "internal",
        "status": "ok", "seconds": 1.0, "error": text, "as_of": "2026-06-30", "cover": "",
        "href": "C1/impact.html", "figures": {"npv": {"value": 1.0, "unit": "EUR", "label": text}},
        "partial": "",
    } | changes  # fmt: skip


def test_the_index_runs_its_own_script_and_nothing_else(tmp_path):
    texts = numbered(RUNS)
    rows = [row(text, status=status) for text in texts for status in ("ok", "failed", "stale")]
    text = index_html(rows, title=texts[0])
    assert ran(tmp_path, text) == set()
    assert "<button" in opened(tmp_path / "page.html")  # made by its own script: sorting works
    assert asked(tmp_path, index_html([row(attack) for attack in CALLS.values()], title=CALLS["image"])) == []


def test_without_escaping_the_policy_of_the_index_still_lets_nothing_run(tmp_path):
    broken = index_html([row("HERE")], title="Reports").replace("HERE", numbered(RUNS)[0])
    assert ran(tmp_path, without_policy(broken)) == {0}
    assert ran(tmp_path, broken) == set()


MEASURES = """<script>
const beyond = document.documentElement.scrollWidth - document.documentElement.clientWidth;
document.documentElement.setAttribute("data-ran" + beyond, "");
</script></body>"""


@pytest.mark.parametrize("width", [1100, 390])
def test_a_word_of_three_hundred_letters_widens_no_page(width, tmp_path):
    word = "n" * 300
    frame = pd.DataFrame({word: [word]}, index=[word])
    shown = [
        reports.heading(word, word, word), reports.lead(word), reports.callout(word), reports.listing([word]),
        reports.tiles((word, "1", word)), reports.table(frame, word, note=word), frame, frame.style,
    ]  # fmt: skip
    text = page(*(one._repr_html_() for one in shown), f"<b>{word}</b>", f"<pre>{word}</pre>")
    assert ran(tmp_path, without_policy(text).replace("</body>", MEASURES), width) == {0}
