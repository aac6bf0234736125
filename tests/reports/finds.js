// What a browser finds active in the main part of a document, or out of its place: written without a look at
// the gate. Used as the body of a function of `doc`; KNOWN stands for the elements a report may have.
const found = [];
const ACTIVE = new Set(`script style link meta base iframe frame frameset object embed applet form input button
  select textarea template noscript title xmp plaintext video audio source track math foreignObject animate set
  animateTransform animateMotion feImage handler marquee details dialog portal`.split(/\s+/));
const PLACES = new Set(`href xlink:href src srcset action formaction poster data background ping srcdoc http-equiv
  manifest cite longdesc usemap lowsrc dynsrc`.split(/\s+/));
const WORDS = /^(class|id|title|alt|d|aria-.*|data-.*|points|lang|dir|role|transform|headers)$/;
const PICTURE = /^data:image.(png|jpeg|gif|webp);base64,[\w+/=\s]*$/;

const leads = (el, name, value) => {
  if (el.localName !== "a" || name !== "href" || el.namespaceURI.endsWith("svg")) return false;
  const scheme = /^([^/?#]*):/.exec(value.replace(/[\0- ]/g, ""));
  return !scheme || /^(https?|mailto)$/i.test(scheme[1].split(":")[0]);
};
const pictures = (el, name, value) =>
  ((el.localName === "img" && name === "src") || el.localName === "image") && PICTURE.test(value);

for (const el of doc.querySelectorAll("main *")) {
  if (ACTIVE.has(el.localName) || !KNOWN.includes(el.localName) || !/(svg|xhtml)$/.test(el.namespaceURI))
    found.push(el.localName);
  for (const {name, value} of el.attributes) {
    if (/^on/i.test(name) || /[^\w:.-]/.test(name)) found.push(name);
    if (PLACES.has(name)) {
      if (!leads(el, name, value) && !pictures(el, name, value) && !/^#/.test(value)) found.push(`${name}=${value}`);
    } else if (!WORDS.test(name) && /url\s*\((?!#)|image-set|expression|\\/.test(value)) {
      found.push(`${name}=${value}`);
    }
  }
  if (/position|display|content|@import/.test(el.style.cssText)) found.push(el.style.cssText);
}
if (doc.createTreeWalker(doc, NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_PROCESSING_INSTRUCTION).nextNode())
  found.push("comment");

// The cell that follows stands where it belongs, and nothing stands beside the main part.
const after = doc.querySelector("main > #after");
if (!after || after.innerHTML !== "still here") found.push("the next cell is not in its place");
if (doc.body.children.length !== 1 || doc.body.attributes.length || doc.head.children.length !== 6)
  found.push("the page has other parts");
return found;
