"""The gate of a page: what passes as it is, what is kept of the rest."""

import io
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from vs_toolkit.reports.harmless import HTML, SVG, harmless, is_harmless

STRICT = [
    "text & more > less",
    "<p>a</p>",
    '<p class="lead" title="a > b">a<br>b<br/></p>',
    '<td style="text-align: right; color: #fff">1</td>',
    '<a href="#x">a</a><a href="https://x.org/?a=1&amp;b=2">b</a><a href="../C1/a%20b.html#c">c</a>',
    '<img src="data:image/png;base64,AAAA" alt="a">',
    '<svg viewBox="0 0 1 1"><g clip-path="url(#p)"><path d="M 0 0" style="fill: none"/></g></svg>',
]


@pytest.mark.parametrize("markup", STRICT)
def test_strict_markup_stays_as_it_is(markup):
    assert is_harmless(markup) and harmless(markup) == markup


LOOSE = {  # what is shown of it
    "<p>a": "<p>a</p>",
    "a</p>b": "ab",
    "<b><i>a</b></i>c": "<b><i>a</i></b>c",
    "<p onclick=x>a</p>": "<p>a</p>",
    '<p class="a"class="b">x</p>': '<p class="a">x</p>',
    "<a href='javascript:x'>a</a>": "<a>a</a>",
    '<a href="java&#115;cript:x">a</a>': "<a>a</a>",
    '<a href="//x.org">a</a>': "<a>a</a>",
    '<a href=" https://x.org">a</a>': "<a>a</a>",
    "<a href=https://x.org/?a=1&b=2>a</a>": '<a href="https://x.org/?a=1&amp;b=2">a</a>',
    '<img src="data:image/svg+xml;base64,AAAA" alt="a">': "a",
    '<img src="//x.org" alt="<script>">b': "&lt;script>b",
    '<p style="color:red;position:fixed;background:url(x)">a</p>': '<p style="color:red">a</p>',
    '<p style="color:re\\64">a</p>': "<p>a</p>",
    '<path d="M 0 0"/>': "",
    "<svg><p>a</p></svg>": "<svg>a</svg>",
    "<svg><a href='x'>a</a></svg>": "<svg>a</svg>",
    '<svg><use href="x.svg#a"/></svg>': "<svg><use/></svg>",
    '<svg><rect fill="url(x.svg#a)"/></svg>': "<svg><rect/></svg>",
    "<form>a<input></form>": "a",
    "<script>a</script>b": "b",
    "<script>a": "a",
    "a<!-- b -->c": "ac",
    "a<!-- b": "a&lt;!-- b",
    "<?xml version='1'?><!DOCTYPE svg><svg></svg>": "<svg></svg>",
    "1 < 2": "1 &lt; 2",
    "<TD ALIGN=right>1": '<td align="right">1</td>',
    "<p>a<p>b": "<p>a</p><p>b</p>",
    "<P\x00>a": "a",
}


@pytest.mark.parametrize("markup", LOOSE)
def test_of_loose_markup_the_harmless_part_is_kept(markup):
    assert not is_harmless(markup)
    assert harmless(markup) == LOOSE[markup]


def test_a_styler_keeps_the_colours_of_its_cells_and_nothing_else_of_its_style():
    frame = pd.DataFrame({"<b>": [1.0, 2.0]}, index=["<script>x</script>", "b"])
    styled = frame.style.format_index(escape="html").format_index(escape="html", axis=1)
    shown = harmless(styled.map(lambda value: f"color: {'red' if value > 1 else 'blue'}").to_html())
    assert shown.count('style="color: red"') == shown.count('style="color: blue"') == 1
    assert "<style" not in shown and "&lt;script&gt;" in shown and "2.000000" in shown


def test_a_frame_with_hostile_cells_is_a_table_of_text():
    frame = pd.DataFrame({"<img src=x>": ["</td></table><script>x</script>", "=HYPERLINK(1)"]})
    shown = harmless(frame._repr_html_())
    assert shown.count("<td>") == 2 and "&lt;script&gt;" in shown and "&lt;img src=x&gt;" in shown


def test_a_drawing_of_matplotlib_is_kept_with_clips_hatches_and_pictures():
    figure = Figure()
    axes = figure.subplots()
    axes.imshow([[1, 2], [3, 4]])
    axes.bar([0], [1], hatch="/", label="<script>")
    axes.legend()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    shown = harmless(buffer.getvalue())
    before = buffer.getvalue()
    for part in ("<path", "<use", "<image", "url(#", 'href="#', "data:image/png;base64,"):
        assert shown.count(part) == before.count(part) > 0


def test_what_is_no_text_at_all_is_written_as_text():
    assert harmless(5) == "5"
    assert harmless(None) == "None"


class Tags(HTMLParser):
    """Another reader of HTML: the tags and attributes of a text."""

    def __init__(self, text):
        super().__init__()
        self.seen = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, attributes))


PIECES = st.sampled_from([
    "<", ">", "</", "/>", '"', "'", "=", " ", "p", "svg", "<svg>", "<script>", "</script>", "<style>", "<!--",
    "-->", "<a href=", "javascript:x", "onload=", "style=", "url(x)", "<td>", "</td>", "&#x6a;", "\x00",
    "<![CDATA[", "]]>", "<title>", "</title>", '<p title="', "<img src=x ", "a",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=3), max_size=30))
def test_whatever_is_shown_comes_out_in_strict_form_and_another_reader_finds_nothing_active(pieces):
    shown = harmless("".join(pieces))
    assert is_harmless(shown)
    for tag, attributes in Tags(shown).seen:
        assert tag in {name.lower() for name in HTML | SVG}
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("srcset", "srcdoc", "action")
            assert not (
                name in ("href", "src") and (value or "").lower().startswith(("java", "vb", "data:t"))
            )
            assert name != "style" or "url" not in (value or "")
