"""Some 250 ways to smuggle a script into markup: the techniques that public collections list, written anew.

The collections: OWASP's cheat sheet on evading filters, html5sec.org (Heiderich), the tests of DOMPurify, and
the papers on mutation (Heiderich et al. 2013, Bentkowski 2020). ``RUN`` leaves a mark when it is run, see
:mod:`tests.reports.attacks`.
"""

from __future__ import annotations

from itertools import cycle

from tests.reports.attacks import RUN, numbered

IMAGE = f'<img src="data:," onerror="{RUN}">'
SCRIPT = f"<script>{RUN}</script>"
SVG = "&quot;http://www.w3.org/2000/svg&quot;"
CODED = "".join(f"&#{ord(letter)};" for letter in RUN.replace("NUMBER", "~")).replace("&#126;", "NUMBER")
HEX = "".join(f"&#x{ord(letter):x};" for letter in RUN.replace("NUMBER", "~")).replace("&#x7e;", "NUMBER")

# Whoever sees or touches an element calls its handlers; the page of the test does so for all.
ELEMENTS = ("p", "div", "a", "table", "svg", "b", "h1", "code")
HANDLERS = """
abort afterprint animationcancel animationend animationiteration animationstart auxclick beforecopy beforecut
beforeinput beforematch beforepaste beforetoggle blur cancel canplay change click close contextmenu copy
cuechange cut dblclick drag dragend dragenter dragleave dragover dragstart drop durationchange emptied ended
error focus focusin focusout formdata fullscreenchange gotpointercapture hashchange input invalid keydown
keypress keyup load loadeddata loadedmetadata loadstart lostpointercapture mousedown mouseenter mouseleave
mousemove mouseout mouseover mouseup mousewheel paste pause play playing pointercancel pointerdown
pointerenter pointerleave pointermove pointerout pointerover pointerup progress ratechange reset resize scroll
scrollend search securitypolicyviolation seeked seeking select selectionchange selectstart show slotchange
stalled submit suspend timeupdate toggle touchcancel touchend touchmove touchstart transitioncancel
transitionend transitionrun transitionstart volumechange waiting webkitanimationend webkitmouseforcedown
webkittransitionend wheel
"""
ON = [
    f'<{element} on{handler}="{RUN}">a'
    for handler, element in zip(HANDLERS.split(), cycle(ELEMENTS), strict=False)
]

WRITTEN = [  # one tag, written so that a filter may not see it
    f'<IMG SRC="data:," ONERROR="{RUN}">',
    f"<img src='data:,' onerror='{RUN.replace(chr(39), '&quot;')}'>",
    f"<img src=data:, onerror={RUN}>",
    f'<img src="data:,"onerror="{RUN}">',
    f'<img/src="data:,"/onerror="{RUN}">',
    f'<img\nsrc="data:,"\nonerror="{RUN}">',
    f'<img\tsrc="data:,"\tonerror="{RUN}">',
    f'<img\fsrc="data:,"\fonerror="{RUN}">',
    f'<img\rsrc="data:,"\ronerror="{RUN}">',
    f'<img src="data:," onerror = "{RUN}">',
    f'<img src="data:," onerror\n=\n"{RUN}">',
    f'<img src="data:," onerror="{CODED}">',
    f'<img src="data:," onerror="{HEX}">',
    f'<img src="data:," onerror="&#9;{RUN}">',
    f'<img src="data:," OnErRoR="{RUN}" alt=">">',
    f'<img alt=">" src="data:," onerror="{RUN}">',
    f'<img alt=\'>"\' src=data:, onerror="{RUN}">',
    f'<img "" src="data:," onerror="{RUN}">',
    f'<img = src="data:," onerror="{RUN}">',
    f'<img src="data:," onerror="{RUN}"',
    f'<img src="data:," onerror="{RUN}" <p>',
    f'<<img src="data:," onerror="{RUN}">',
    f'<x<img src="data:," onerror="{RUN}">',
    f'</p/><img src="data:," onerror="{RUN}">',
    f'<img/"/src="data:,"onerror="{RUN}">',
    f'<image src="data:," onerror="{RUN}">',
    f'<img src="data:," src="x" onerror="a" onerror="b" onload="{RUN}" onerror="{RUN}">',
    f'<img src=`data:,` onerror="{RUN}">',
    f'<p title="a"onclick="{RUN}">a',
    f"<p title='a'onclick=\"{RUN}\">a",
    f'<p x:onclick="a" onclick="{RUN}">a',
    f'<p class=a/onclick="{RUN}">a',
    f'<p onclick="{RUN}" class>a',
    f'<\x00p onclick="{RUN}">{IMAGE}',
    f'<p on\x00click="{RUN}">{IMAGE}',
    f'<p \u2028 onclick="{RUN}">a',
    f'<p\x0bonclick="{RUN}">{IMAGE}',
    f'<p o\u0131nclick="x" onclick="{RUN}">a',
]

SCHEMES = [
    "javascript:",
    "JaVaScRiPt:",
    " javascript:",
    "\tjavascript:",
    "\x01javascript:",
    "\x1fjavascript:",
    "java\tscript:",
    "java\nscript:",
    "java\rscript:",
    "java&Tab;script:",
    "java&NewLine;script:",
    "javascript&colon;",
    "&#106;avascript:",
    "&#x6A;avascript:",
    "&#x6ajavascript:",
    "&#0000106avascript:",
    "&#x0000006A;avascript:",
    "javascript://x%0a",
    "javascript://&#10;",
    "javascript:/**/",
    "javascript:void(0);",
    "javascript&#58;",
    "javascript&#x3A;",
    "j&#97;v&#97;script:",
    "\u00a0javascript:",
    "view-source:javascript:",
    "feed:javascript:",
    "vbscript:",
    "livescript:",
    "mocha:",
]
PLACES = [
    '<a href="{}">a</a>',
    '<iframe src="{}"></iframe>',
    '<svg><a xlink:href="{}"><text y="9">a</text></a></svg>',
    '<svg><a href="{}"><text y="9">a</text></a></svg>',
    '<map><area shape="default" href="{}"></map>',
    '<math href="{}">a</math>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<form action="{}"><input type="submit"></form>',
    '<form><button formaction="{}">a</button></form>',
    '<base href="{}"><a href="x">a</a>',
    '<svg><use href="{}"/></svg>',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<img src="{}">',
    '<table background="{}"><tr><td>a</table>',
    '<p style="background:url({})">a</p>',
    '<link rel="stylesheet" href="{}">',
    '<svg><animate xlink:href="#a" attributeName="href" values="{}"/><a id="a"><text>a</text></a></svg>',
    '<svg><a><set attributeName="href" to="{}"/><text y="9">a</text></a></svg>',
    '<svg><script href="{}"></script></svg>',
]
ADDRESSES = [f'<a href="{scheme}{RUN}">a</a>' for scheme in SCHEMES]
ADDRESSES += [f'<iframe src="{scheme}{RUN}"></iframe>' for scheme in SCHEMES[:24]]
ADDRESSES += [place.format(f"javascript:{RUN}") for place in PLACES]

DOCUMENTS = [  # a document in a document
    f"<iframe srcdoc='{SCRIPT.replace(chr(39), '&#39;')}'></iframe>",
    f'<iframe srcdoc="&lt;img src=data:, onerror={RUN}&gt;"></iframe>',
    f'<iframe src="data:text/html,{SCRIPT}"></iframe>',
    f'<object data="data:text/html,{SCRIPT}"></object>',
    f'<embed src="data:text/html,{SCRIPT}">',
    f'<embed type="image/svg+xml" src="data:image/svg+xml,<svg xmlns={SVG}>{SCRIPT}</svg>">',
    f'<script src="data:text/javascript,{RUN}"></script>',
    f'<link rel="import" href="data:text/html,{SCRIPT}">',
    f'<frameset onload="{RUN}"><frame></frameset>',
    f'<div><template shadowrootmode="open">{IMAGE}</template></div>',
    f"<portal src='javascript:{RUN.replace(chr(39), '&#39;')}'></portal>",
    f'<xml onreadystatechange="{RUN}">{IMAGE}</xml>',
    f'<isindex type=image src=1 onerror="{RUN}">',
    f'<applet code="x">{IMAGE}</applet>',
]

SCRIPTS = [
    SCRIPT,
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<script >{RUN}</script >",
    f"<script/x>{RUN}</script>",
    f"<script\n>{RUN}</script\n>",
    f"<script x=>{RUN}</script>",
    f"<script>{RUN}",
    f"<script>{RUN}</script",
    f"<script>{RUN}</script/a>",
    f"<script>//-->\n{RUN}</script>",
    f"<script><!--\n{RUN}\n--></script>",
    f"<script type=module>{RUN}</script>",
    f"<script type='text/javascript'>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script>/*</script>*/{SCRIPT}",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><script>{CODED}</script></svg>",
    f"<svg><script>/*&lt;/script&gt;*/{RUN}</script></svg>",
    f"<svg><script/>{SCRIPT}</svg>",
    f"<math><script>{SCRIPT}</script></math>",
    '<script>top["document"].documentElement.setAttribute("data-ranNUMBER","")</script>',
    f"<b>{SCRIPT}</b>",
    f"<p>{SCRIPT}",
    f"<table>{SCRIPT}</table>",
    f"<select>{SCRIPT}</select>",
    f"<svg><desc>{SCRIPT}</desc></svg>",
]

MUTATIONS = [  # read one way by a filter, another way by the browser
    f'<!--><img src=data:, onerror="{RUN}">-->',
    f'<!---><img src=data:, onerror="{RUN}">-->',
    f"<!--a--!>{IMAGE}-->",
    f"<!-- --\x00>{IMAGE}-->",
    f"<!{IMAGE}>",
    f"<?{IMAGE}?>",
    f"<!DOCTYPE x[{IMAGE}]>",
    f"</{IMAGE}>",
    f"<!--[if gte IE 4]>{IMAGE}<![endif]-->",
    f"<![CDATA[{IMAGE}]]>",
    f"<svg><![CDATA[</svg>{IMAGE}]]>",
    f"<svg><style><![CDATA[</style>{IMAGE}]]></style></svg>",
    f"<math><![CDATA[</math>{IMAGE}]]>",
    f'<svg></p><style><a id="</style>{IMAGE}">',
    f'<svg><p><style><a title="</style>{IMAGE}"></style></svg>',
    f"<math><p><style><!--</style>{IMAGE}--></style></math>",
    f"<math><mtext><table><mglyph><style><!--</style>{IMAGE}-->",
    f'<math><mtext><table><mglyph><style><math><img src onerror="{RUN}">',
    f"<form><math><mtext></form><form><mglyph><style></math>{IMAGE}",
    f'<math><annotation-xml encoding="text/html"><style>{IMAGE}</style></annotation-xml></math>',
    f'<math><annotation-xml encoding="application/xhtml+xml">{IMAGE}</annotation-xml></math>',
    f'<svg><annotation-xml><foreignobject><style><!--</style><p id="--&gt;{IMAGE}">',
    f"<svg><title><style>{IMAGE}</style></title></svg>",
    f"<svg><desc><noscript>{IMAGE}</noscript></desc></svg>",
    f'<noscript><p title="</noscript>{IMAGE}"></noscript>',
    f'<noembed><p title="</noembed>{IMAGE}"></noembed>',
    f'<noframes><p title="</noframes>{IMAGE}"></noframes>',
    f'<title><p title="</title>{IMAGE}"></title>',
    f'<textarea><p title="</textarea>{IMAGE}"></textarea>',
    f'<xmp><p title="</xmp>{IMAGE}"></xmp>',
    f'<iframe><p title="</iframe>{IMAGE}"></iframe>',
    f'<style><p title="</style>{IMAGE}"></style>',
    f"<plaintext>{IMAGE}",
    f"<template>{IMAGE}</template>{IMAGE}",
    f"<select><template><style><!--</style>{IMAGE}--></style></template></select>",
    f"<select><math>{IMAGE}</select>",
    f"<table><caption><svg><title>{IMAGE}</title></svg></caption></table>",
    f"<table><svg><foreignObject>{IMAGE}</foreignObject></svg></table>",
    f"<svg><foreignObject><math><mi>{IMAGE}</mi></math></foreignObject></svg>",
    f"<p><svg><b>{IMAGE}</b></svg>",
    f'<svg><font color="">{IMAGE}</font></svg>',
    f'<math><font size="1">{IMAGE}</font></math>',
    f"<b><a><b><a>{IMAGE}",
    f"<a><table><a>{IMAGE}</table></a>",
    f"<button><p><button>{IMAGE}",
    f'<p title="&quot;&gt;{IMAGE.replace("<", "&lt;")}">a',
    f'<p title="``onmouseover={RUN}">{IMAGE}',
    f"<listing>&lt;img onerror={RUN} src=data:,&gt;</listing>{IMAGE}",
    f'<p id="x\u0000">{IMAGE}',
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-{IMAGE}",
    f"\ufeff{IMAGE}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;{SCRIPT}",
    f"\xbcscript\xbe{RUN}\xbc/script\xbe{SCRIPT}",
    "<div>" * 600 + IMAGE,
    "<svg>" * 100 + IMAGE,
    "<b>" * 200 + "<svg><style>" + IMAGE,
    "<font>" * 513 + f"<math><style>{IMAGE}",
]

DRAWINGS = [
    f'<svg onload="{RUN}"></svg>',
    f'<svg><g onload="{RUN}"></g></svg>',
    f'<svg><animate onbegin="{RUN}" attributeName="x" dur="1s"/></svg>',
    f'<svg><set onbegin="{RUN}" attributeName="x" to="1"/></svg>',
    f'<svg><animateTransform onbegin="{RUN}" attributeName="transform"/></svg>',
    f'<svg><animateMotion onbegin="{RUN}" dur="1s"/></svg>',
    f'<svg><image href="data:," onerror="{RUN}"/></svg>',
    f'<svg><image xlink:href="data:," onerror="{RUN}"/></svg>',
    f"<svg><foreignObject>{IMAGE}</foreignObject></svg>",
    f'<svg><handler type="text/javascript">{RUN}</handler>{IMAGE}</svg>',
    f'<svg><discard onbegin="{RUN}"/></svg>',
    f'<svg><title onclick="{RUN}">a</title></svg>',
    f'<svg><animate attributeName="onclick" values="{RUN}"/>{IMAGE}</svg>',
    f'<svg><a><animate attributeName="href" values="javascript:{RUN}"/><text y="9">a</text></a></svg>',
    f'<svg><use href="data:image/svg+xml,<svg id=x xmlns={SVG}><image href=data:, onerror={RUN} /></svg>#x"/>'
    f"{IMAGE}</svg>",
    f'<math><mi onclick="{RUN}">a</mi></math>',
    f'<math><maction actiontype="statusline" xlink:href="javascript:{RUN}">{IMAGE}</maction></math>',
]

VECTORS = numbered(dict(enumerate([*ON, *WRITTEN, *ADDRESSES, *DOCUMENTS, *SCRIPTS, *MUTATIONS, *DRAWINGS])))

# Touches everything as a reader could, follows no link to another place, then leaves its mark.
TOUCHED = 9999
TOUCHES = """<script>
const inside = frame => { try { return frame.contentDocument } catch { return null } };
const touch = doc => { for (const one of doc.querySelectorAll("*")) {
  for (const attribute of [...one.attributes])
    if (/^on/i.test(attribute.name)) one.dispatchEvent(new Event(attribute.name.slice(2).toLowerCase()));
  const to = String(one.href?.baseVal ?? one.href ?? "").replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
  if (to.startsWith("javascript:")) one.dispatchEvent(new MouseEvent("click", {bubbles: true}));
  if (one.formAction?.startsWith("javascript:") && one.type === "submit") one.click();
} };
addEventListener("load", () => {
  for (const doc of [document, ...[...document.querySelectorAll("iframe")].map(inside)]) if (doc) touch(doc);
  document.documentElement.setAttribute("data-ranTOUCHED", "");
});
</script></body>""".replace("TOUCHED", str(TOUCHED))
