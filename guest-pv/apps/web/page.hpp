// SPDX-License-Identifier: MIT
// The page at /: asks for /stats every second and shows it, with what changed
// since the last time.
#pragma once

#include <string_view>

namespace web {

inline constexpr std::string_view page = R"page(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Granite web guest</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
  h1 { font-weight: 600; font-size: 1.5rem }
  table { border-collapse: collapse; width: 100% }
  td, th { padding: .25rem .5rem; border-bottom: 1px solid #ddd; text-align: right; font-variant-numeric: tabular-nums }
  td:first-child, th:first-child { text-align: left }
  p { color: #666 }
</style>
<h1>Granite web guest</h1>
<p>A paravirtual guest of its own kit, served over its network frontend. <a href="/stats">JSON</a>,
  <a href="/big">10&nbsp;MB download</a>.</p>
<table><thead><tr><th>figure<th>now<th>per second</thead><tbody id="rows"></tbody></table>
<p id="state">connecting…</p>
<script>
  const rows = document.getElementById('rows'), state = document.getElementById('state');
  let before = null;
  async function update() {
    try {
      const now = await (await fetch('/stats')).json();
      const seconds = before ? (now.uptime_ms - before.uptime_ms) / 1000 : 0;
      rows.replaceChildren(...Object.entries(now).map(([key, value]) => {
        const row = document.createElement('tr');
        const rate = seconds > 0 ? ((value - before[key]) / seconds).toFixed(1) : '';
        for (const text of [key.replaceAll('_', ' '), value.toLocaleString(), key === 'uptime_ms' ? '' : rate])
          row.insertCell().textContent = text;
        return row;
      }));
      before = now;
      state.textContent = 'live';
    } catch (error) { state.textContent = 'no answer: ' + error.message; }
    setTimeout(update, 1000);
  }
  update();
</script>
</html>
)page";

}  // namespace web
