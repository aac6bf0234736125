"use strict";
// The page is complete without this script; it adds finding, filtering and sorting.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const words = new Intl.Collator("en", { numeric: true });

const written = (count) => count.toLocaleString("en").replaceAll(",", "\u202f");

const keyOf = (row, column, isWords) => {
  const cell = row.cells[column];
  const text = cell.dataset.sort ?? cell.textContent.trim();
  return isWords || text === "" ? text : Number(text);
};

// What is missing stays last, whichever way the rest is sorted.
const sortBy = (table, column) => {
  const head = table.tHead.rows[0].cells;
  const falling = head[column].getAttribute("aria-sort") === "ascending";
  const isWords = head[column].classList.contains("words");
  const keyed = [...table.tBodies[0].rows].map((row) => [keyOf(row, column, isWords), row]);
  const known = keyed.filter(([key]) => key !== "");
  const order = isWords ? words.compare : (a, b) => a - b;
  known.sort(([a], [b]) => order(a, b) * (falling ? -1 : 1));
  for (const cell of head) cell.removeAttribute("aria-sort");
  head[column].setAttribute("aria-sort", falling ? "descending" : "ascending");
  table.tBodies[0].append(...known.concat(keyed.filter(([key]) => key === "")).map(([, row]) => row));
};

for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    button.addEventListener("click", () => sortBy(table, column));
    cell.replaceChildren(button);
  });
}

const find = document.getElementById("find");
const sections = [...document.querySelectorAll("main section")].map((section) => ({
  section,
  isReports: section.querySelector("table.sortable") !== null,
  rows: [...section.querySelectorAll("tbody tr")].map((row) => ({ row, text: plain(row.textContent) })),
}));

const narrow = () => {
  const wanted = plain(find.value).split(/\s+/).filter(Boolean);
  const state = document.querySelector("#show :checked").value;
  let [shown, all] = [0, 0];
  for (const { section, isReports, rows } of sections) {
    let some = 0;
    for (const { row, text } of rows) {
      const fits = (!state || row.dataset.state === state) && wanted.every((word) => text.includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      some += fits;
    }
    section.hidden = some === 0;
    if (isReports) [shown, all] = [shown + some, all + rows.length];
  }
  document.getElementById("found").value = wanted.length || state ? `${written(shown)} of ${written(all)} reports` : "";
};

document.querySelector(".bar").hidden = false;
find.addEventListener("input", narrow);
document.getElementById("show").addEventListener("change", narrow);
narrow(); // a browser that comes back to the page may have kept what was written
