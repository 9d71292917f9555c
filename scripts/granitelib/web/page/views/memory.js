// SPDX-License-Identifier: MIT
// Machine memory by owner and, within, by what the frames are used as. The
// area of a field is its number of frames.
import { ask } from "../ask.js";
import { el, figure, plainTable } from "../elements.js";
import { count, memory } from "../figures.js";
import { names, nameOf } from "../names.js";

/* global d3 */

const TYPES = ["writable", "none", "l1", "l2", "l3", "l4", "seg", "shared"];
const MEANING = {
  writable: "writable", none: "no type", l1: "L1 tables", l2: "L2 tables", l3: "L3 tables", l4: "L4 tables",
  seg: "descriptor tables", shared: "shared with Granite", free: "free",
};
const WIDTH = 1200;
const HEIGHT = 520;
const LETTER = 7.8; // about as wide as one is

const fieldsOf = (row) => (row.owner === "free"
  ? [{ type: "free", frames: row.frames }]
  : TYPES.map((type) => ({ type, frames: row[type] })).filter((field) => field.frames > 0));

function layout(rows) {
  const root = d3.hierarchy({ children: rows.map((row) => ({ ...row, children: fieldsOf(row) })) })
    .sum((node) => (node.children ? 0 : node.frames))
    .sort((a, b) => b.value - a.value);
  return d3.treemap().size([WIDTH, HEIGHT]).paddingOuter(1).paddingTop((node) => (titled(node) ? 19 : 1))(root);
}

// A frame round an owner's fields costs room that small ones have not.
const titled = (node) => node.depth === 1 && node.value > 0.006 * node.parent.value;

const width = (node) => Math.max(0, node.x1 - node.x0);
const height = (node) => Math.max(0, node.y1 - node.y0);

// The text where there is room for it, else the shorter one, or its beginning.
function fit(text, shorter, room) {
  const letters = Math.floor(room / LETTER);
  if (text.length <= letters) {
    return text;
  }
  return letters < 3 ? "" : shorter.length <= letters ? shorter : `${shorter.slice(0, letters - 1)}…`;
}

function place(selection) {
  selection.attr("x", (n) => n.x0).attr("y", (n) => n.y0).attr("width", width).attr("height", height);
}

function draw(svg, rows, known) {
  const title = (node) => `${nameOf(known, node.data.owner)}, ${memory(node.value)}`;
  const owners = svg.selectAll("g.owner").data(layout(rows).children ?? [], (node) => node.data.owner)
    .join((enter) => {
      const g = enter.append("g").attr("class", "owner");
      g.append("rect").attr("class", "frame");
      g.append("text");
      return g;
    });
  owners.select(".frame").call(place);
  owners.selectAll("rect.cell").data((node) => node.children, (node) => node.data.type).join("rect")
    .attr("class", (node) => `cell swatch-${node.data.type}`).call(place)
    .selectAll("title").data((node) => [node]).join("title")
    .text((node) => `${title(node.parent)}\n${MEANING[node.data.type]}: ${count(node.value)} frames, ${memory(node.value)}`);
  owners.select("text").raise().attr("class", (node) => (titled(node) ? "" : "within"))
    .attr("x", (n) => n.x0 + 4).attr("y", (n) => n.y0 + 14)
    .text((node) => (height(node) < 17 ? "" : fit(title(node), titled(node) ? nameOf(known, node.data.owner) : node.data.owner,
      width(node) - 6)));
}

function frameSearch(attempt) {
  const found = el("div", { "aria-live": "polite" });
  const input = el("input", { name: "mfn", placeholder: "0x1234", pattern: "(0x[0-9a-fA-F]+|[0-9]+)", required: true });
  const find = (event) => {
    event.preventDefault();
    attempt(async () => {
      const answer = await ask(`frames ${input.value.toLowerCase()}`);
      const [frames, holders] = [answer.rows.filter((r) => "mfn" in r), answer.rows.filter((r) => !("mfn" in r))];
      found.replaceChildren(...(answer.error ? [el("p", { class: "remark" }, answer.error)]
        : [plainTable("The frame", frames), plainTable("Who refers to it", holders)]));
    });
  };
  return [el("h2", {}, "One frame"), el("form", { class: "bar", onsubmit: find },
    el("label", {}, "Number ", input), el("button", {}, "Find")), found];
}

function show(root, { attempt }) {
  const svg = d3.create("svg").attr("viewBox", `0 0 ${WIDTH} ${HEIGHT}`).attr("role", "img")
    .attr("aria-label", "Machine memory by owner and type; the table below says the same");
  const figures = el("dl", { class: "figures" });
  const table = el("div");
  root.append(figures, svg.node(), el("ul", { class: "legend" }, ...[...TYPES, "free"].map((type) =>
    el("li", {}, el("i", { class: `swatch-${type}` }), MEANING[type]))),
  el("details", {}, el("summary", {}, "As a table"), table), ...frameSearch(attempt));
  return {
    needs: () => ["domains", "frames"],
    update({ domains, frames }) {
      const known = names(domains.rows);
      const sum = (test) => d3.sum(frames.rows.filter(test), (row) => row.frames);
      figures.replaceChildren(
        figure("of the machine", memory(sum(() => true))),
        figure("free", memory(sum((row) => row.owner === "free"))),
        figure("Granite's own", memory(sum((row) => row.owner === "granite"))),
        figure("page tables", memory(d3.sum(frames.rows, (row) => row.l1 + row.l2 + row.l3 + row.l4))));
      draw(svg, frames.rows, known);
      table.replaceChildren(plainTable("Frames", frames.rows.map((row) => ({ ...row, owner: nameOf(known, row.owner) })),
        (row, key) => (key === "owner" ? row.owner : count(row[key]))));
    },
  };
}

export default { id: "memory", title: "Memory", show };
