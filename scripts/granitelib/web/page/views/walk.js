// SPDX-License-Identifier: MIT
// The way of one packet through the machine, as a timeline.
import { act } from "../ask.js";
import { el, plainTable, setOptions } from "../elements.js";

/* global d3 */

const WIDTH = 1200;     // more where there are many stations
const LEFT = 120;
const RIGHT = 60;
const LEAST = 78;       // from a station to the next: their words have room side by side
const LANE = 56;
const MARGIN = 6;

const timeOf = (row) => row.ns ?? row.at;
// Where the stations stand: what took longer lies further apart, but by its
// logarithm, for a guest that sleeps is slower by thousands than a bridge.
function placed(rows) {
  const times = d3.pairs(rows, (before, row) => Math.log10(1 + Math.max(0, timeOf(row) - timeOf(before)) / 1000));
  const spare = Math.max(0, WIDTH - LEFT - RIGHT - LEAST * times.length);
  const all = d3.sum(times) || 1;
  return [LEFT, ...d3.cumsum(times, (time) => LEAST + (spare * time) / all).map((way) => LEFT + way)];
}

const after = (rows, i) => (i === 0 ? "" : `+${unit(timeOf(rows[i]) - timeOf(rows[i - 1]))}`);
const unit = (ns) => (ns >= 1e6 ? `${(ns / 1e6).toFixed(2)} ms` : `${(ns / 1e3).toFixed(1)} µs`);

function draw(rows) {
  const lanes = [...new Set(rows.map((row) => row.who))];
  const height = MARGIN + LANE * lanes.length + 10;
  const places = placed(rows);
  const width = Math.max(WIDTH, places.at(-1) + RIGHT);
  const y = (row) => MARGIN + LANE * (lanes.indexOf(row.who) + 0.5);
  const at = (_, i) => places[i];
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img")
    .attr("aria-label", "The packet's stations in the order of time, with the time since the one before; the table below says the same");
  svg.selectAll("text.lane").data(lanes).join("text").attr("class", "lane").attr("x", 4)
    .attr("y", (who) => y({ who })).attr("dy", "0.35em").text((who) => who);
  svg.append("path").attr("class", "path").attr("d", d3.line().x(at).y(y).curve(d3.curveStepAfter)(rows));
  const station = svg.selectAll("g.station").data(rows).join("g").attr("class", "station")
    .attr("transform", (row, i) => `translate(${at(row, i)},${y(row)})`);
  station.append("circle").attr("r", 5);
  station.append("text").attr("y", -10).attr("text-anchor", "middle").text((row) => row.station);
  station.append("text").attr("class", "after").attr("y", 20).attr("text-anchor", "middle").text((_, i) => after(rows, i));
  station.append("title").text((row, i) => `${after(rows, i)} ${row.who}: ${row.station} ${row.what ?? ""}`);
  return svg.node();
}

function shown(answer) {
  const stations = answer.rows.filter((row) => "station" in row);
  const others = answer.rows.filter((row) => !("station" in row));
  const remarks = [answer.error, ...answer.notes].filter(Boolean).map((text) => el("p", { class: "remark" }, text));
  return [...(stations.length ? [draw(stations), plainTable("Stations", stations)] : []),
    ...(others.length ? [plainTable("Sums", others)] : []), ...remarks];
}

function show(root, { attempt }) {
  const place = el("div", { "aria-live": "polite" });
  const domain = el("select", { id: "walker" });
  const direction = el("select", { id: "direction" }, el("option", { value: "rx" }, "to it"), el("option", { value: "tx" }, "from it"));
  const follow = (event) => {
    event.preventDefault();
    place.replaceChildren(el("p", { class: "remark" }, "waiting for a packet …"));
    attempt(async () => place.replaceChildren(...shown(await act(`walk next ${domain.value} ${direction.value}`))))
      .then((good) => good || place.replaceChildren());
  };
  root.append(el("form", { class: "bar", onsubmit: follow }, el("label", { for: "walker" }, "Follow the next packet of"), domain,
    el("label", { for: "direction" }, "that goes"), direction, el("button", {}, "Follow")), place);
  return {
    needs: () => ["domains"],
    update({ domains }) {
      setOptions(domain, domains.rows.filter((row) => row.id !== 0).map((row) => [row.id, `d${row.id} ${row.name}`]));
    },
  };
}

export default { id: "walk", title: "Packet walk", show };
