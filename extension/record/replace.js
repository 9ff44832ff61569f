/* Replaces what stands on a page: the same original always gives the same replacement within a recording, and lengths,
 * digits, line breaks and signs stay where they are. Replacements are drawn at random and kept nowhere, so that nothing
 * can be worked out from them; their few letters make no words. */

/** @param {{labels: string[], words: string[], hosts: string[]}} known */
bevara_record.replacer = (known) => {
  const LETTERS = "qwxzvjk";
  const DIGITS = "6789";
  const OTHER = "\u00e5\u00e4\u00f6";
  const RUNS = /(\p{Alphabetic}+)|(\p{N}+)|(\p{Extended_Pictographic})|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\p{M}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;
  const SIDE = 4;
  const words = new Set([...bevara_record.words.names, ...known.words]);
  const labels = new Set(known.labels.filter((one) => !one.endsWith(" *")).map(plain));
  const beginnings = known.labels.filter((one) => one.endsWith(" *")).map((one) => plain(one.slice(0, -2)));
  /** @type {Map<string, string[]>} */
  const runs = new Map();
  /** @type {Map<string, string>} */
  const tokens = new Map();
  /** @type {Set<string>} */
  const taken = new Set();
  let numbers = new Uint32Array(0);
  let at = 0;

  /** @param {string} text */
  function one(text) {
    if (at === numbers.length) [numbers, at] = [crypto.getRandomValues(new Uint32Array(4096)), 0];
    return text[numbers[at++] % text.length];
  }

  /** @param {string} text as `labels.plain` of the content scripts */
  function plain(text) {
    return text.normalize("NFC").replace(/\s+/g, " ").trim().replace(/(\u2026|\.\.\.)$/, "").trim().toLowerCase();
  }

  /** @param {string} char */
  function alike(char) {
    if (/\p{N}/u.test(char)) return one(DIGITS);
    if (/[a-z]/i.test(char)) return one(LETTERS);
    return /[\u0590-\u08ff]/.test(char) ? "\u05d0" : one(OTHER);
  }

  /** True when some characters in a row of the original stand in what would replace it, in either direction.
   * @param {string} original @param {string} made */
  function shares(original, made) {
    const size = Math.min(SIDE, original.length);
    const both = `${made}\n${[...made].reverse().join("")}`;
    for (let from = 0; from + size <= original.length; from += 1) if (both.includes(original.slice(from, from + size))) return true;
    return false;
  }

  /** @param {string[]} chars in lower case */
  function draw(chars) {
    const original = chars.join("");
    let made = chars.map(alike);
    for (let tries = 0; tries < 200 && (shares(original, made.join("")) || taken.has(made.join(""))); tries += 1) made = chars.map(alike);
    taken.add(made.join(""));
    return made;
  }

  /** @param {string} run letters, or digits @param {boolean} [anew] where a short one may be drawn again */
  function replaced(run, anew = false) {
    const chars = [...run];
    const lower = chars.map((char) => char.toLowerCase());
    const key = lower.join("");
    const made = (anew && chars.length < SIDE ? null : runs.get(key)) ?? draw(lower);
    runs.set(key, runs.get(key) ?? made);
    return chars.map((char, index) => (char === lower[index] ? made[index] : made[index].toUpperCase())).join("");
  }

  /** @param {string} text @param {boolean} [anew] */
  function scrambled(text, anew) {
    return text.replace(RUNS, (sign, letters, digits, picture) => (letters ?? digits ? replaced(sign, anew) : picture ? "\u{1f642}" : ""));
  }

  /** What a person reads. The platform's own labels stay. @param {string} value */
  function text(value) {
    const name = plain(value);
    if (labels.has(name)) return value;
    const begins = beginnings.find((one) => name.startsWith(`${one} `));
    const from = begins ? value.search(/\S/) + begins.length : 0;
    return begins && plain(value.slice(0, from)) === begins ? value.slice(0, from) + scrambled(value.slice(from)) : scrambled(value);
  }

  /** True when nothing but fixed words is in a name. @param {string} name */
  function common(name) {
    const parts = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").match(/\p{Alphabetic}+/gu) ?? [];
    return !/[^\x20-\x7e]/.test(name) && parts.every((part) => words.has(part.toLowerCase()));
  }

  /** An id that wraps numbers in base64, such as `comment:1_2`. @param {string} value */
  function wrapped(value) {
    if (!/^[A-Za-z0-9+/_-]{12,}={0,2}$/.test(value)) return null;
    try {
      const inner = atob(value.replace(/-/g, "+").replace(/_/g, "/"));
      if (!/^[a-z_]+:[\w:]+$/i.test(inner)) return null;
      const made = btoa(token(inner));
      return value.endsWith("=") ? made : made.replace(/=+$/, "");
    } catch {
      return null;
    }
  }

  /** A name, an id or a number. Different ones stay different where their shape has room for it. @param {string} value @returns {string} */
  function token(value) {
    const before = tokens.get(value);
    if (before !== undefined) return before;
    const inner = wrapped(value);
    let made = inner ?? shaped(value, false);
    for (let tries = 0; inner === null && tries < 50 && taken.has(`token ${made}`); tries += 1) made = shaped(value, true);
    taken.add(`token ${made}`);
    tokens.set(value, made);
    return made;
  }

  /** @param {string} value @param {boolean} anew */
  function shaped(value, anew) {
    return common(value) ? value.replace(/\d+/g, (digits) => replaced(digits, anew)) : scrambled(value, anew);
  }

  /** @param {string} list of names with spaces between */
  function list(list) {
    return list.split(/\s+/).filter(Boolean).map(token).join(" ");
  }

  const { host, url } = bevara_record.addresses({ hosts: known.hosts, token, common });
  return { text, token, list, common, url, host };
};
