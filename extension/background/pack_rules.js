/* What a newer pack may not take away from the gate. Nothing here reads a page or a key. */

import { canonical } from "./encoding.js";

/** @typedef {Record<string, string[]>} Labels */

/** @param {string} text as labels are compared on the page */
function plain(text) {
  return text.normalize("NFC").replace(/\s+/g, " ").trim().replace(/(…|\.\.\.)$/, "").trim().toLowerCase();
}

/** @param {Labels|undefined} labels */
function words(labels) {
  return Object.values(labels ?? {}).flat().map(plain);
}

/** @param {string} name @param {string[]} known labels that may end in " *" */
function within(name, known) {
  return known.some((one) => one === name || (one.endsWith(" *") && name.startsWith(one.slice(0, -1))));
}

/** @param {any} pack @returns {string[]} */
function acting(pack) {
  return pack.actions.flatMap((/** @type {any} */ action) => words(action.labels));
}

/** What a label would mean in a comment's menu, or in a post's: the first action there that knows it.
 * @param {any} pack @param {string} name @param {boolean} post */
function meaning(pack, name, post) {
  return pack.actions.find((/** @type {any} */ action) => (action.removes === "post") === post && within(name, words(action.labels)));
}

/** A label whose item would not be held, or held in a weaker way than before. @param {any} own @param {any} other @returns {string|null} */
function fewerLabels(own, other) {
  return [...acting(own), ...acting(other)].find((name) => [true, false].some((post) => {
    const before = meaning(own, name, post);
    const now = meaning(other, name, post);
    return before && (!now || now.removes !== before.removes || (now.reversible && !before.reversible) || (now.dialog && !before.dialog));
  })) ?? null;
}

/** What acts may not be called harmless, nor be what a dialog's way out is called. @param {any} own @param {any} other @returns {string|null} */
function harmlessDeletion(own, other) {
  const known = [...words(own.menu.harmless), ...words(own.dialog.cancel)];
  const added = [...words(other.menu.harmless), ...words(other.dialog.cancel)].filter((name) => !known.includes(name));
  const stems = [...acting(own), ...acting(other)].map((name) => name.replace(/ \*$/, ""));
  return added.find((name) => name.endsWith("*") || stems.some((stem) => name.includes(stem))) ?? null;
}

/** Lists from which nothing may go. @type {[string, (pack: any) => any[]|undefined][]} */
const KEPT = [
  ["menu/button", (pack) => pack.menu.button], ["menu/menu", (pack) => pack.menu.menu], ["menu/item", (pack) => pack.menu.item],
  ["dialog/container", (pack) => pack.dialog.container],
  ["watch_only", (pack) => pack.watch_only?.map((/** @type {any} */ one) => one.host)], ["hosts", (pack) => pack.hosts],
  ["network", (pack) => pack.network?.map((/** @type {any} */ one) => [one.path, one.method])],
  ["network/names", (pack) => pack.network?.flatMap((/** @type {any} */ one) => Object.values(one.names ?? {}).flat())],
  ["health/signs_of_comments", (pack) => pack.health.signs_of_comments],
  ["health/looks_like_comments", (pack) => pack.health.looks_like_comments],
];

/** @param {any} own @param {any} other @returns {string|null} */
function fewerParts(own, other) {
  const lost = KEPT.find(([, list]) => (list(own) ?? []).some((one) => !(list(other) ?? []).some((each) => canonical(each) === canonical(one))));
  if (lost) return lost[0];
  const first = ["inline", "keys"].find((name) => canonical((other[name] ?? []).slice(0, (own[name] ?? []).length)) !== canonical(own[name] ?? []));
  if (first) return first;
  if (other.comment.not && canonical(own.comment.not) !== canonical(other.comment.not)) return "comment/not";
  if (canonical(own.dialog.button) !== canonical(other.dialog.button)) return "dialog/button";
  if ((other.post.ignored_in_names ?? "") !== (own.post.ignored_in_names ?? "")) return "post/ignored_in_names";
  const lower = ["min_recognised", "min_parts"].find((name) => other.health[name] < own.health[name]);
  return lower ? `health/${lower}` : null;
}

/** What a pack would hold less of than the one that was shipped, or null.
 * @param {any} own @param {any} other @returns {string|null} */
export function weaker(own, other) {
  return fewerLabels(own, other) ?? harmlessDeletion(own, other) ?? fewerParts(own, other);
}
