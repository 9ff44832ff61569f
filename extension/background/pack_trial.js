/* Lets a new pack read the pages that it and the shipped pack carry, in a hidden page of the extension's own, before
 * it reads anybody's page. */

import { hidden } from "./browser.js";

/** Results by pack, so that a refused pack is not tried each minute. @type {Map<string, string|null>} */
const tried = new Map();

/** One at a time: there is only one hidden page. @type {Promise<unknown>} */
let before = Promise.resolve();

/** The first page that the pack does not understand as expected, or null.
 * @param {any} pack @param {any[]} pages @returns {Promise<string|null>} */
export async function tryOut(pack, pages) {
  const key = JSON.stringify([pack, pages]);
  const mine = before.then(async () => {
    if (!tried.has(key)) tried.set(key, pages.length ? await run(pack, pages) : null);
  });
  before = mine.catch(() => undefined);
  await mine;
  return tried.get(key) ?? null;
}

/** @param {any} pack @param {any[]} pages @returns {Promise<string|null>} */
async function run(pack, pages) {
  const answer = await hidden("trial/trial.html", { type: "trial.run", pack, pages });
  return Array.isArray(answer) ? answer.find((one) => one.wrong)?.name ?? null : "-";
}
