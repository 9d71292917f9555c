// SPDX-License-Identifier: MIT
// Shows one view at a time and asks for what it needs, while somebody looks.
import { NoAnswer, ask } from "./ask.js";
import { el } from "./elements.js";
import domains from "./views/domains.js";
import links from "./views/links.js";
import memory from "./views/memory.js";
import profile from "./views/profile.js";
import queues from "./views/queues.js";
import tables from "./views/tables.js";
import walk from "./views/walk.js";

const VIEWS = [domains, memory, tables, links, queues, walk, profile];
const AFTER_TROUBLE_S = 3;
const UNCHANGING_S = 60;

const [tabs, panel, status, trouble, pause] =
  ["tabs", "view", "status", "trouble", "pause"].map((id) => document.getElementById(id));
let shown;          // {needs(), update(answers)} of the view
let showings = 0;   // so that an answer for a view that is left is dropped
let timer;

function say(error) {
  trouble.hidden = !error;
  trouble.textContent = error?.message ?? "";
}

// Whether all went well; what fails inside of an event is said, too.
async function attempt(what) {
  try {
    await what();
    say(null);
    return true;
  } catch (error) {
    if (!(error instanceof NoAnswer)) {
      throw error;
    }
    say(error);
    return false;
  }
}

async function refresh() {
  clearTimeout(timer);
  const showing = showings;
  let next = UNCHANGING_S;
  const good = await attempt(async () => {
    const answers = {};
    for (const command of shown.needs()) {
      answers[command] = await ask(command);
      next = Math.min(next, answers[command].next_s);
    }
    if (showing === showings) {
      shown.update(answers);
      panel.removeAttribute("aria-busy");
      tell(Object.values(answers));
    }
  });
  if (showing === showings && !paused() && !document.hidden) {
    timer = setTimeout(refresh, 1000 * (good ? next : AFTER_TROUBLE_S));
  }
}

function tell(answers) {
  if (answers.length) {
    const seconds = Math.max(...answers.map((a) => a.at)) / 1e9;
    status.textContent = `machine time ${seconds.toFixed(1)} s`;
  }
}

const paused = () => pause.getAttribute("aria-pressed") === "true";

function show(view) {
  ++showings;
  for (const tab of tabs.children) {
    const chosen = tab.id === `tab-${view.id}`;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  panel.setAttribute("aria-labelledby", `tab-${view.id}`);
  panel.replaceChildren();
  panel.setAttribute("aria-busy", "true");
  document.title = `${view.title} – Granite`;
  shown = view.show(panel, { refresh, attempt });
  refresh();
}

const viewOfAddress = () => VIEWS.find((view) => `#${view.id}` === location.hash) ?? VIEWS[0];

function moveAmongTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const all = [...tabs.children];
  const from = all.indexOf(document.activeElement);
  if (step && from >= 0) {
    const to = all[(from + step + all.length) % all.length];
    to.focus();
    to.click();
    event.preventDefault();
  }
}

tabs.append(...VIEWS.map((view) => el("button", {
  type: "button", role: "tab", id: `tab-${view.id}`, "aria-controls": "view",
  onclick: () => { location.hash = view.id; },
}, view.title)));
tabs.addEventListener("keydown", moveAmongTabs);
pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", !paused());
  refresh();
});
window.addEventListener("hashchange", () => show(viewOfAddress()));
document.addEventListener("visibilitychange", () => document.hidden || refresh());
show(viewOfAddress());
