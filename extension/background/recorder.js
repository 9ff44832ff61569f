/* Records how a page is built, when a person asks for it, so that support can mend a pack. Nothing is kept here. */

import { ownJson, runFilesInTab, version } from "./browser.js";
import { hosts, shipped } from "./packs.js";
import { known } from "./setup.js";

const FILES = ["words", "replace", "addresses", "attributes", "tree"].map((name) => `record/${name}.js`);

/** @param {number} tab_id @returns {Promise<any>} `html` and counts, or `ok: false` where the browser does not let us in */
export async function record(tab_id) {
  const packs = (await known())?.packs ?? (await Promise.all(shipped().map((name) => ownJson(`packs/${name}.json`))));
  const recording = await runFilesInTab(tab_id, FILES, "bevara_record", { ...platformWords(packs), version: version() });
  return recording?.html ? { ok: true, ...recording } : { ok: false, code: "unreadable" };
}

/** What belongs to the platforms and to nobody else: the labels, the names in selectors, the hosts. @param {any[]} packs */
export function platformWords(packs) {
  const labels = new Set();
  const words = new Set();
  for (const { expected: _, $comment: __, name: ___, watch_only: ____, hosts: _____, network: ______, ...pack } of packs) gather(pack, labels, words);
  return { labels: [...labels], words: [...words], hosts: packs.flatMap((pack) => hosts(pack)) };
}

/** @param {any} part @param {Set<string>} labels @param {Set<string>} words @param {boolean} [spoken] */
function gather(part, labels, words, spoken = false) {
  if (typeof part === "string") {
    if (spoken) labels.add(part);
    else for (const word of part.match(/[a-z]+/gi) ?? []) words.add(word.toLowerCase());
  } else if (part && typeof part === "object") {
    for (const [name, value] of Object.entries(part)) gather(value, labels, words, spoken || ["labels", "harmless", "restore", "cancel"].includes(name));
  }
}
