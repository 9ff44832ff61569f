/* Why the helper could not be used, as the pages are told it. */

import { address, HelperError } from "./helper.js";
import { texts } from "./texts.js";

/** Each unit, and how many seconds it takes before the next larger one is used. @type {[string, number, number][]} */
const UNITS = [["clock_seconds", 1, 120], ["clock_minutes", 60, 7200], ["clock_hours", 3600, 172800], ["clock_days", 86400, Infinity]];

/** @param {unknown} error @returns {Promise<{code: string, said: string|null}>} `said` where the code alone does not say enough */
export async function causeOf(error) {
  if (!(error instanceof HelperError)) return { code: "internal", said: null };
  if (error.code === "helper_down" && (await address())) return { code: error.code, said: (await texts()).shared_down };
  const ahead = error.code === "stale_signature" ? error.problem.ahead : undefined;
  return { code: error.code, said: ahead === undefined ? null : await clock(ahead) };
}

/** Nobody can tell from here which of the two clocks is right. @param {number} ahead seconds */
async function clock(ahead) {
  const known = await texts();
  const [unit, length] = UNITS.find(([, , end]) => Math.abs(ahead) < end) ?? UNITS[0];
  const much = known[unit].replace("$1", String(Math.round(Math.abs(ahead) / length)));
  return known[ahead > 0 ? "clock_ahead" : "clock_behind"].replace("$1", much);
}
