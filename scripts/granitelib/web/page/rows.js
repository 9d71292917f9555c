// SPDX-License-Identifier: MIT
// A table that is sorted by a click and keeps its rows, and the focus in them,
// from one answer to the next.
import { el } from "./elements.js";

/* global d3 */

// columns: {title, value(row), show?(row) -> text or node, text?: true}
export class SortedTable {
  constructor(caption, columns, key) {
    this.columns = columns;
    this.key = key;
    this.by = 0;
    this.descending = false;
    this.rows = [];
    this.body = el("tbody");
    this.heads = columns.map((column, i) => el("th", { scope: "col", class: column.text ? "" : "number" },
      el("button", { type: "button", onclick: () => this.sortBy(i) }, column.title)));
    this.element = el("div", { class: "wide" }, el("table", {},
      el("caption", {}, caption), el("thead", {}, el("tr", {}, ...this.heads)), this.body));
  }

  sortBy(i) {
    this.descending = this.by === i ? !this.descending : !this.columns[i].text;
    this.by = i;
    this.update(this.rows);
  }

  update(rows) {
    this.rows = rows;
    const { value } = this.columns[this.by];
    const order = this.descending ? d3.descending : d3.ascending;
    const sorted = [...rows].sort((a, b) => order(value(a), value(b)) || d3.ascending(this.key(a), this.key(b)));
    this.heads.forEach((head, i) => head.setAttribute("aria-sort",
      i !== this.by ? "none" : this.descending ? "descending" : "ascending"));
    d3.select(this.body).selectAll("tr").data(sorted, this.key).join("tr").order()
      .selectAll("td").data((row) => this.columns.map((column) => ({ column, row }))).join("td")
      .attr("class", (cell) => (cell.column.text ? "" : "number"))
      .each(function fill({ column, row }) {
        const shown = (column.show ?? column.value)(row);
        if (shown instanceof Node || this.textContent !== String(shown)) {
          this.replaceChildren(shown);
        }
      });
  }
}
