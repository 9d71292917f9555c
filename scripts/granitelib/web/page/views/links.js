// SPDX-License-Identifier: MIT
// Grants and event channels between domains, as a graph: who has most to do
// with others in the middle, the others round it.
import { ask } from "../ask.js";
import { el, plainTable } from "../elements.js";
import { Rates, count, perSecond } from "../figures.js";
import { names, nameOf } from "../names.js";

/* global d3 */

const SIZE = 820;
const MIDDLE = SIZE / 2;
const RING = 270;
const CROWD = 40;   // from so many on, names are turned outward

// One for each pair, whichever side says it.
function pairs(rows, rateOf) {
  const found = new Map();
  for (const row of rows) {
    const [a, b] = row.domain < row.peer ? [row.domain, row.peer] : [row.peer, row.domain];
    const pair = found.get(`${a} ${b}`) ?? { a, b, channels: 0, grants: 0, inUse: 0, sends: 0 };
    pair.channels = Math.max(pair.channels, row.channels);
    pair.grants += row.grants;
    pair.inUse += row.in_use;
    pair.sends += rateOf(row) ?? 0;
    found.set(`${a} ${b}`, pair);
  }
  return [...found.values()];
}

function positions(ids, links) {
  const degree = (id) => links.filter((link) => link.a === id || link.b === id).length;
  const hub = [...ids].sort((x, y) => degree(y) - degree(x) || x - y)[0];
  const rest = ids.filter((id) => id !== hub);
  const place = new Map([[hub, { x: MIDDLE, y: MIDDLE, angle: 0, hub: true }]]);
  rest.forEach((id, i) => {
    const angle = (2 * Math.PI * i) / rest.length - Math.PI / 2;
    place.set(id, { x: MIDDLE + RING * Math.cos(angle), y: MIDDLE + RING * Math.sin(angle), angle, crowd: rest.length > CROWD });
  });
  return place;
}

// Beside the circle, away from the middle.
function labelled(text, { hub, angle, crowd }) {
  const left = Math.cos(angle) < -0.01;
  const radius = hub ? 30 : 12;
  const turned = (angle * 180) / Math.PI + (left ? 180 : 0);
  text.attr("dy", hub ? 46 : "0.35em")
    .attr("text-anchor", hub || (!crowd && Math.abs(Math.cos(angle)) < 0.01) ? "middle" : left ? "end" : "start")
    .attr("transform", hub ? null
      : crowd ? `rotate(${turned}) translate(${left ? -radius : radius})`
        : `translate(${(radius + 4) * Math.cos(angle)}, ${(radius + 12) * Math.sin(angle)})`);
}

const curve = (from, to) => {
  const outer = from.hub || to.hub;
  return outer ? `M${from.x},${from.y}L${to.x},${to.y}` : `M${from.x},${from.y}Q${MIDDLE},${MIDDLE} ${to.x},${to.y}`;
};
const thickness = (link) => 1 + Math.min(5, Math.log10(1 + link.sends));
const words = (link) => `${link.channels} channels, ${count(link.grants)} grants (${count(link.inUse)} in use), `
  + `${perSecond(link.sends)} events/s`;

class Graph {
  constructor(choose) {
    this.chosen = null;
    this.choose = choose;
    this.svg = d3.create("svg").attr("viewBox", `0 0 ${SIZE} ${SIZE}`).attr("role", "group")
      .attr("aria-label", "Domains and what ties them to each other");
    this.lines = this.svg.append("g");
    this.nodes = this.svg.append("g");
  }

  update(ids, links, known) {
    const at = positions(ids, links);
    const touches = (link) => link.a === this.chosen || link.b === this.chosen;
    this.lines.selectAll("path").data(links, (link) => `${link.a} ${link.b}`).join("path")
      .attr("class", (link) => `link${link.sends >= 1 ? " busy" : ""}${touches(link) ? " chosen" : ""}`)
      .attr("d", (link) => curve(at.get(link.a), at.get(link.b))).attr("stroke-width", thickness)
      .selectAll("title").data((link) => [link]).join("title")
      .text((link) => `${nameOf(known, `d${link.a}`)} – ${nameOf(known, `d${link.b}`)}: ${words(link)}`);
    const nodes = this.nodes.selectAll("g").data(ids, (id) => id).join((enter) => {
      const g = enter.append("g").attr("class", "node").attr("tabindex", 0).attr("role", "button");
      g.append("circle");
      g.append("text");
      return g.each((id, i, all) => this.#listen(all[i], id));
    });
    nodes.attr("transform", (id) => `translate(${at.get(id).x},${at.get(id).y})`)
      .attr("aria-pressed", (id) => String(id === this.chosen))
      .attr("aria-label", (id) => nameOf(known, `d${id}`));
    nodes.select("circle").attr("r", (id) => (at.get(id).hub ? 26 : at.get(id).crowd ? 6 : 10));
    nodes.select("text").text((id) => nameOf(known, `d${id}`).slice(0, 22))
      .each((id, i, all) => labelled(d3.select(all[i]), at.get(id)));
  }

  #listen(node, id) {
    const chosen = () => {
      this.chosen = id;
      this.choose(id);
    };
    node.addEventListener("click", chosen);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        chosen();
      }
    });
  }
}

async function details(id, known) {
  const commands = { evtchn: "Event channels", maptrack: "Grants of others that it has mapped", grants: "Grants it offers" };
  const tables = [el("h2", {}, nameOf(known, `d${id}`))];
  for (const [command, caption] of Object.entries(commands)) {
    const { rows, error, notes, lost } = await ask(`${command} ${id}`);
    tables.push(plainTable(error ?? caption, rows),
      ...(lost ? [el("p", { class: "remark" }, `${lost} more rows`)] : []),
      ...notes.map((note) => el("p", { class: "remark" }, note)));
  }
  return tables;
}

function show(root, { attempt }) {
  const rates = new Rates();
  const beside = el("div", { "aria-live": "polite" }, el("p", { class: "remark" }, "Choose a domain for its grants and channels."));
  let last;
  const graph = new Graph((id) => {
    draw(last);
    attempt(async () => beside.replaceChildren(...await details(id, last.known)));
  });
  const draw = ({ ids, links, known }) => graph.update(ids, links, known);
  root.append(el("div", { class: "split" }, el("div", {}, graph.svg.node(),
    el("p", { class: "remark" }, "A line is as thick as it is busy; blue ones carry events now.")), beside));
  return {
    needs: () => ["domains", "links"],
    update({ domains, links }) {
      const rateOf = (row) => rates.of(`${row.domain} ${row.peer}`, row.sends, links.at);
      const found = pairs(links.rows, rateOf);
      const ids = [...new Set([...domains.rows.map((row) => row.id), ...found.flatMap((l) => [l.a, l.b])])].sort((a, b) => a - b);
      last = { ids, links: found, known: names(domains.rows) };
      draw(last);
    },
  };
}

export default { id: "links", title: "Grants and channels", show };
