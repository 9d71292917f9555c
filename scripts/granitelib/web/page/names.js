// SPDX-License-Identifier: MIT
// Domains by number, and what to call them.

export const names = (domains) => new Map(domains.map((row) => [`d${row.id}`, row.name]));

// "d1 web"; of who is no domain, or gone, just what the monitor says.
export function nameOf(known, owner) {
  return known.has(owner) ? `${owner} ${known.get(owner)}` : owner;
}
