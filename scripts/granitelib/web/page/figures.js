// SPDX-License-Identifier: MIT
// Numbers as people read them, and rates out of counters.

const PAGES_PER_MIB = 256;

export const count = (n) => n.toLocaleString("en");
export const percent = (share) => `${(100 * share).toFixed(1)} %`;

export function memory(pages) {
  const mib = pages / PAGES_PER_MIB;
  if (mib >= 10240) {
    return `${(mib / 1024).toFixed(1)} GiB`;
  }
  return mib >= 10 ? `${count(Math.round(mib))} MiB` : `${mib.toFixed(1)} MiB`;
}

export function perSecond(rate) {
  if (rate === undefined) {
    return "–";
  }
  return count(rate >= 100 ? Math.round(rate) : Math.round(10 * rate) / 10);
}

// What counters gained, by the machine's own clock.
export class Rates {
  #last = new Map();

  // Per second, since the sample before; undefined for the first one, and when
  // the counter began anew. A sample given again gives the same rate.
  of(key, value, at) {
    const last = this.#last.get(key);
    if (last && last.at === at) {
      return last.rate;
    }
    const known = last && at > last.at && value >= last.value;
    const rate = known ? ((value - last.value) * 1e9) / (at - last.at) : undefined;
    this.#last.set(key, { value, at, rate });
    return rate;
  }
}
