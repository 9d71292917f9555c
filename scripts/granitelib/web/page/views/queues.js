// SPDX-License-Identifier: MIT
// Queues of cards and of guests' interfaces. What counts up is shown with its rate.
import { el, plainTable } from "../elements.js";
import { Rates, count, perSecond } from "../figures.js";

const COUNTER = /packets$|bytes$|merged$|dropped$/;
const CAPTIONS = { card: "Cards", vif: "Guests' interfaces", where: "Dropped" };
const NAMING = ["card", "vif", "where", "queue", "why"];

// Rows of one kind have the same columns.
function kinds(rows) {
  const found = new Map();
  for (const row of rows) {
    const key = Object.keys(row).join();
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

function caption(row) {
  const [first, ...others] = Object.keys(row);
  const whole = CAPTIONS[first] ?? first;
  return others.includes("queue") ? `${whole}, by queue` : whole;
}

function withRates(row, rates, at) {
  const name = NAMING.map((key) => row[key] ?? "").join(" ");
  const cells = Object.entries(row).flatMap(([key, value]) => (COUNTER.test(key)
    ? [[key, count(value)], [`${key}/s`, perSecond(rates.of(`${name} ${key}`, value, at))]]
    : [[key, value]]));
  return Object.fromEntries(cells);
}

function show(root) {
  const rates = new Rates();
  return {
    needs: () => ["queues"],
    update({ queues }) {
      const tables = kinds(queues.rows).map((rows) => plainTable(caption(rows[0]), rows.map((row) => withRates(row, rates, queues.at))));
      const remarks = [queues.error, ...queues.notes].filter(Boolean).map((text) => el("p", { class: "remark" }, text));
      root.replaceChildren(...tables, ...remarks);
    },
  };
}

export default { id: "queues", title: "Queues", show };
