// SPDX-License-Identifier: MIT
// Where the machine spends its time, by sampling: owners above, their functions
// below, each as wide as its share.
import { act } from "../ask.js";
import { el, plainTable } from "../elements.js";
import { count, percent } from "../figures.js";
import { names, nameOf } from "../names.js";

/* global d3 */

const WIDTH = 1200;
const ROW = 46;
const LETTER = 7;
const MOST_LISTED = 60;

function layout(rows) {
  const byOwner = new Map();
  for (const row of rows) {
    byOwner.set(row.who, [...(byOwner.get(row.who) ?? []), row]);
  }
  const root = d3.hierarchy({ children: [...byOwner].map(([who, children]) => ({ who, children })) })
    .sum((node) => node.samples ?? 0)
    .sort((a, b) => b.value - a.value);
  return d3.partition().size([WIDTH, 3 * ROW])(root);
}

function label(node, known) {
  const text = node.depth === 1 ? nameOf(known, node.data.who) : node.data.function;
  const letters = Math.floor((node.x1 - node.x0 - 8) / LETTER);
  return letters < 3 ? "" : text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

function draw(svg, rows, known) {
  const root = layout(rows);
  const blocks = root.descendants().slice(1);
  const key = (node) => (node.depth === 1 ? node.data.who : `${node.data.who} ${node.data.function}`);
  const g = svg.selectAll("g").data(blocks, key).join((enter) => {
    const one = enter.append("g");
    one.append("rect");
    one.append("text").attr("class", "block-text").attr("dy", "0.35em");
    one.append("title");
    return one;
  }).attr("transform", (node) => `translate(${node.x0},${node.y0 - ROW})`);
  g.select("rect").attr("class", (node) => `block depth-${node.depth - 1}`)
    .attr("width", (node) => node.x1 - node.x0).attr("height", ROW - 2);
  g.select("text").attr("x", 4).attr("y", ROW / 2).text((node) => label(node, known));
  g.select("title").text((node) => `${nameOf(known, node.data.who)} ${node.data.function ?? ""}: `
    + `${percent(node.value / root.value)}, ${count(node.value)} samples`);
}

function show(root, { refresh, attempt }) {
  const svg = d3.create("svg").attr("viewBox", `0 0 ${WIDTH} ${2 * ROW}`).attr("role", "img")
    .attr("aria-label", "Time by owner and function; the table below says the same");
  const remark = el("p", { class: "remark", "aria-live": "polite" });
  const table = el("div");
  const press = (word) => () => attempt(async () => {
    const { error, notes } = await act(`prof ${word}`);
    remark.textContent = error ?? notes.join("; ");
  }).then(refresh);
  root.append(el("div", { class: "bar" }, el("button", { type: "button", onclick: press("on") }, "Sample"),
    el("button", { type: "button", onclick: press("off") }, "Stop"), remark), svg.node(), table);
  return {
    needs: () => ["domains", "prof"],
    update({ domains, prof }) {
      const known = names(domains.rows);
      const all = d3.sum(prof.rows, (row) => row.samples);
      draw(svg, prof.rows, known);
      remark.textContent = prof.error ?? remark.textContent;
      table.replaceChildren(prof.rows.length ? plainTable("Functions", prof.rows.slice(0, MOST_LISTED).map((row) => ({
        who: nameOf(known, row.who), function: row.function, samples: row.samples, share: percent(row.samples / all),
      }))) : "");
    },
  };
}

export default { id: "profile", title: "Profile", show };
