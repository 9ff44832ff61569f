/* What is said to a person, in the language that the worker chose; in the browser's own before the worker has answered. */

/** Read at once: a page whose extension was replaced can no longer ask. */
bevara.early_texts = Object.fromEntries(["starting_title", "starting_text", "silent_title", "silent_text", "reload_button", "cancel"]
  .map((name) => [name, bevara.wire.text(name)]));

/** @param {string} name a text of _locales @param {...(string|number)} fills for $1, $2 @returns {string} */
bevara.say = (name, ...fills) => {
  const text = String(bevara.setup?.texts?.[name] ?? bevara.early_texts[name] ?? name);
  return text.replace(/\$(\d)/g, (_, at) => String(fills[Number(at) - 1] ?? ""));
};
