// SPDX-License-Identifier: MIT
// A domain's page tables as a tree. A branch is asked for when it is opened.
import { ask } from "../ask.js";
import { el, setOptions } from "../elements.js";
import { count } from "../figures.js";

const TOP = 4;
const FLAGS = { r: "read", w: "write", x: "execute", u: "user", A: "accessed", D: "dirty", C: "not cached" };

const explained = (flags) => [...flags].filter((f) => f in FLAGS).map((f) => FLAGS[f]).join(", ");

function label(row, level) {
  const many = row.count > 1 ? `${count(row.count)} pages` : "";
  const what = row.type === "-" || row.type === "none" ? "" : row.type;
  const target = level === 1 ? `→ ${row.mfn}` : `L${level - 1} table ${row.mfn}`;
  const parts = [row.va.slice(2).padStart(16, "0"), row.flags, target, row.owner, level === 1 ? what : "", many];
  return el("span", { class: "row mono", title: explained(row.flags) }, ...parts.map((part) => el("span", {}, part)));
}

class Tree {
  constructor(domain, attempt) {
    this.domain = domain;
    this.attempt = attempt;
    this.element = el("ul", { role: "tree", "aria-label": `Page tables of domain ${domain}`,
      onkeydown: (event) => this.#key(event), onclick: (event) => this.#click(event) });
    this.#fill(this.element, TOP, "0").then(() => this.element.firstChild?.setAttribute("tabindex", "0"));
  }

  #fill(list, level, va) {
    return this.attempt(async () => {
      const command = `ptentries ${this.domain} ${level} ${va}`;
      const { rows, error, lost } = await ask(command);
      list.replaceChildren(...rows.map((row) => this.#item(row, level)),
        ...(error || lost ? [el("li", { role: "none", class: "remark" }, error ?? `${lost} more entries`)] : []));
    });
  }

  #item(row, level) {
    const open = level > 1 && row.owner !== "device" ? { "aria-expanded": "false" } : {};
    return el("li", { role: "treeitem", "aria-level": TOP - level + 1, tabindex: -1, "data-va": row.va,
      "data-level": level, ...open }, label(row, level));
  }

  async #toggle(item, wanted) {
    const now = item.getAttribute("aria-expanded");
    if (now === null || now === String(wanted)) {
      return;
    }
    item.setAttribute("aria-expanded", wanted);
    item.querySelector(":scope > [role=group]")?.remove();
    if (wanted) {
      const group = el("ul", { role: "group" }, el("li", { role: "none", class: "remark" }, "…"));
      item.append(group);
      await this.#fill(group, Number(item.dataset.level) - 1, item.dataset.va);
    }
  }

  #visible() {
    return [...this.element.querySelectorAll("[role=treeitem]")];
  }

  #focus(item) {
    if (item) {
      this.element.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
      item.setAttribute("tabindex", "0");
      item.focus();
    }
  }

  #click(event) {
    const item = event.target.closest("[role=treeitem]");
    if (item && event.target.closest(".row")) {
      this.#focus(item);
      this.#toggle(item, item.getAttribute("aria-expanded") !== "true");
    }
  }

  // As a tree is expected to behave (WAI-ARIA).
  #key(event) {
    const item = event.target.closest("[role=treeitem]");
    const all = this.#visible();
    const at = all.indexOf(item);
    const open = item?.getAttribute("aria-expanded") === "true";
    const moves = {
      ArrowDown: () => this.#focus(all[at + 1]),
      ArrowUp: () => this.#focus(all[at - 1]),
      Home: () => this.#focus(all[0]),
      End: () => this.#focus(all.at(-1)),
      ArrowRight: () => (open ? this.#focus(all[at + 1]) : this.#toggle(item, true)),
      ArrowLeft: () => (open ? this.#toggle(item, false) : this.#focus(item.parentElement.closest("[role=treeitem]"))),
      Enter: () => this.#toggle(item, !open),
      " ": () => this.#toggle(item, !open),
    };
    if (item && moves[event.key]) {
      event.preventDefault();
      moves[event.key]();
    }
  }
}

function show(root, { attempt }) {
  const place = el("div", { class: "wide" });
  const open = () => place.replaceChildren(new Tree(choice.value, attempt).element);
  const choice = el("select", { id: "domain", onchange: open });
  root.append(el("div", { class: "bar" }, el("label", { for: "domain" }, "Page tables of"), choice,
    el("button", { type: "button", onclick: open }, "Read again"),
    el("span", { class: "remark" }, "r read, w write, x execute, u user, A accessed, D dirty, C not cached")), place);
  return {
    needs: () => ["domains"],
    update({ domains }) {
      const before = choice.value;
      setOptions(choice, domains.rows.map((row) => [row.id, `d${row.id} ${row.name}`]));
      if (choice.value !== before) {
        open();
      }
    },
  };
}

export default { id: "tables", title: "Page tables", show };
