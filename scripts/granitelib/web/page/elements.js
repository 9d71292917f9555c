// SPDX-License-Identifier: MIT
// Elements of the page, made in one expression, and text that is never markup.

const NUMBER = /^(?:[0-9][0-9,.]*(?: [%KMG].*)?|–)$/;

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

export function figure(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

// Keeps the choice of a <select> when its options change.
export function setOptions(select, options) {
  const now = [...select.options].map((o) => `${o.value} ${o.text}`).join();
  const wanted = options.map(([value, text]) => `${value} ${text}`).join();
  if (now === wanted) {
    return;
  }
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  if (options.some(([value]) => String(value) === chosen)) {
    select.value = chosen;
  }
}

// A plain table of an answer's rows: its columns are the rows' keys.
export function plainTable(caption, rows, show = (row, key) => String(row[key])) {
  const keys = rows.length ? Object.keys(rows[0]) : [];
  const kind = (key) => (NUMBER.test(show(rows[0], key)) ? "number" : "");
  const cell = (row, key) => el("td", { class: kind(key) }, show(row, key));
  return el("div", { class: "wide" }, el("table", {},
    el("caption", {}, rows.length ? caption : `${caption}: none`),
    el("thead", {}, el("tr", {}, ...keys.map((key) => el("th", { scope: "col", class: kind(key) }, key.replaceAll("_", " "))))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...keys.map((key) => cell(row, key)))))));
}
