"""Markup that makes a careless cleaner slow: (beginning, what is repeated), repeated to any length."""

from __future__ import annotations

TAGS = (
    """< <a <a> <a/> </a> <a< <a<b <br> <b><i> <b></b> <p>a<p> <td><td> </b></i> <svg> <svg/> <svg><g> <g/>"""
)
ODD = (
    """<!-- --> <!---> <!--a--> <!- <! <!a <!a> <? <?a?> <![CDATA[ ]]> --!> <!--<!-- &amp; &lt; & &#x6a; &#"""
)
QUOTED = (
    """<a_b=" <a_b=' <a_b="' <a_b="" <a_"" " ' "' ="' <a_b="c"d=' <a_b=">" <p_title='>"' <a_b='<' <p_t=">"""
)
HELD = (
    """<style> <script> <title> <textarea> <style></style> <script></script> <script></b> <math> <iframe>"""
)
WITHIN = {  # inside of something that begins once; "_" stands for a space
    "<p_": "a=1_ a_ _ a=b/ a='1'b=\"2\" = style='color:red'_",
    "<p_a": "_",
    "<p_a=": "_",
    '<p_style="': "color:_red;_ color: ; &quot;",
    '<p_style="color:_': "a_ rgb( rgb(1)",
    '<p_style="background:_linear-gradient(': "rgb(1),",
    "<style>": "#a,#b{ #a, #a{} } {",
    "<!--": "- <!-- a--",
    '<a_href="': "a/ %20",
    '<a_href="https://': "a:",
    '<img_src="data:image/png;base64,': "AA==",
    '<img_src="': "data:",
    "<img_": "src=",
    '<svg><path_d="': "M_0_0_",
    "<svg>": "<path_d='M'/>",
    "<table>": "<tr><td>",
    "<b>" * 90: "<i></i>",
    "<b>" * 120: "a</b><b>",
    "": " ".join([TAGS, ODD, QUOTED, HELD, "\0 \n"]),
}
PATTERNS = [
    (begin.replace("_", " "), unit.replace("_", " "))
    for begin, units in WITHIN.items()
    for unit in units.split(" ")
]


def of_length(pattern: tuple[str, str], length: int) -> str:
    """Write a pattern in so many characters."""
    begin, unit = pattern
    return (begin + unit * (length // len(unit) + 1))[:length]
