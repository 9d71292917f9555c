// SPDX-License-Identifier: MIT
// Who is there, and what each costs: processor, events, hypercalls.
import { el, figure } from "../elements.js";
import { Rates, count, memory, perSecond, percent } from "../figures.js";
import { SortedTable } from "../rows.js";

/* global d3 */

const KEPT = 60;    // samples in a small curve
const UNKNOWN = -1; // sorts below all that is known

// The newest at the right.
const spark = (history) => d3.line()
  .x((_, i) => (120 * (KEPT - history.length + i)) / (KEPT - 1)).y((share) => 19 - 18 * Math.min(1, share))(history);

function shareCell(row) {
  const fill = el("i");
  fill.style.width = `${100 * Math.min(1, Math.max(0, row.share))}%`;
  return el("span", {}, el("span", { class: "share", "aria-hidden": "true" }, fill),
    el("span", { class: "percent" }, row.share === UNKNOWN ? "–" : percent(row.share)));
}

function sparkCell(row) {
  const last = row.history.length ? percent(row.history.at(-1)) : "nothing yet";
  return d3.create("svg").attr("class", "spark").attr("viewBox", "0 0 120 20").attr("role", "img")
    .attr("aria-label", `processor of late: ${last}`)
    .call((svg) => svg.append("path").attr("d", spark(row.history))).node();
}

const COLUMNS = [
  { title: "ID", value: (row) => row.id },
  { title: "Name", value: (row) => row.name, text: true },
  { title: "State", value: (row) => row.state, text: true },
  { title: "Processor", value: (row) => row.share, show: shareCell },
  { title: "of late", value: (row) => row.share, show: sparkCell, text: true },
  { title: "Events/s", value: (row) => row.upcalls ?? UNKNOWN, show: (row) => perSecond(row.upcalls) },
  { title: "Hypercalls/s", value: (row) => row.hypercalls ?? UNKNOWN, show: (row) => perSecond(row.hypercalls) },
  { title: "Memory", value: (row) => row.pages, show: (row) => memory(row.pages) },
  { title: "VCPUs", value: (row) => row.vcpus },
  { title: "Channels", value: (row) => row.channels },
  { title: "Mapped grants", value: (row) => row.mapped, show: (row) => count(row.mapped) },
];

// Joins what `domains` and `vcpus` say, with rates by the machine's clock.
class Costs {
  #rates = new Rates();
  #histories = new Map();

  of(domains, vcpus) {
    const sums = new Map(domains.rows.map(({ id }) => [id, total(vcpus.rows.filter((row) => owner(row) === id))]));
    this.#histories = new Map(domains.rows.map((row) => [row.id, this.#histories.get(row.id) ?? []]));
    return domains.rows.map((row) => {
      const sum = sums.get(row.id);
      const rate = (what) => this.#rates.of(`${row.id} ${what}`, sum[what], vcpus.at);
      const ms = rate("run_ms");
      const share = ms === undefined ? UNKNOWN : ms / 1000;
      this.#note(row.id, share, vcpus.at);
      return { ...row, share, upcalls: rate("upcalls"), hypercalls: rate("hypercalls"), history: this.#shares(row.id) };
    });
  }

  #note(id, share, at) {
    const history = this.#histories.get(id);
    if (share !== UNKNOWN && history.at(-1)?.at !== at) {
      history.push({ at, share });
      history.splice(0, history.length - KEPT);
    }
  }

  #shares(id) {
    return this.#histories.get(id).map((sample) => sample.share);
  }
}

const owner = (row) => Number(row.vcpu.slice(1).split("v")[0]);
const total = (rows) => ({
  run_ms: d3.sum(rows, (row) => row.run_ms),
  upcalls: d3.sum(rows, (row) => row.upcalls),
  hypercalls: d3.sum(rows, (row) => row.hypercalls),
});

function totals(rows, cpus) {
  const sum = (key) => d3.sum(rows, (row) => row[key]);
  const known = rows.filter((row) => row.share !== UNKNOWN);
  const rate = (key) => (known.length ? perSecond(d3.sum(known, (row) => row[key])) : "–");
  return [
    figure("domains", count(rows.length)),
    figure("running", count(rows.filter((row) => row.state === "running").length)),
    figure(`of ${cpus} processor${cpus === 1 ? "" : "s"}`,
      known.length ? percent(d3.sum(known, (row) => row.share) / cpus) : "–"),
    figure("events/s", rate("upcalls")),
    figure("hypercalls/s", rate("hypercalls")),
    figure("their memory", memory(sum("pages"))),
  ];
}

function show(root) {
  const costs = new Costs();
  const table = new SortedTable("Domains", COLUMNS, (row) => row.id);
  const figures = el("dl", { class: "figures" });
  let all = [];
  const filter = el("input", { type: "search", placeholder: "name or number", oninput: () => list() });
  const list = () => {
    const wanted = filter.value.toLowerCase();
    table.update(all.filter((row) => row.name.toLowerCase().includes(wanted) || String(row.id) === wanted));
  };
  root.append(figures, el("div", { class: "bar" }, el("label", {}, "Show ", filter)), table.element);
  return {
    needs: () => ["domains", "vcpus", "version"],
    update(answers) {
      all = costs.of(answers.domains, answers.vcpus);
      figures.replaceChildren(...totals(all, answers.version.rows[0]?.cpus ?? 1));
      list();
    },
  };
}

export default { id: "domains", title: "Domains", show };
