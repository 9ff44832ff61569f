/* Which attributes of a recorded page stay, and how. What is on no list keeps its place, but neither its name nor its value. */

/** @param {any} replace the recording's replacer */
bevara_record.attributes = (replace) => {
  /** @param {string} text */
  const set = (text) => new Set(text.split(/\s+/).filter(Boolean));
  const kinds = {
    known: set(`role type dir contenteditable spellcheck draggable aria-atomic aria-autocomplete aria-busy aria-checked aria-current
      aria-disabled aria-expanded aria-haspopup aria-hidden aria-invalid aria-live aria-modal aria-multiline aria-multiselectable
      aria-orientation aria-pressed aria-readonly aria-relevant aria-required aria-selected aria-sort`),
    number: set("tabindex aria-posinset aria-setsize aria-level aria-colcount aria-colindex aria-rowcount aria-rowindex rows cols colspan rowspan"),
    flag: set("checked disabled hidden selected readonly required multiple open controls autoplay loop muted inert autofocus novalidate"),
    names: set("id class for name headers list form aria-labelledby aria-describedby aria-controls aria-owns aria-activedescendant aria-details aria-flowto aria-errormessage slot part"),
    text: set("title alt placeholder value label summary aria-label aria-description aria-roledescription aria-placeholder aria-valuetext aria-keyshortcuts"),
    address: set("href src action formaction poster cite data background longdesc xlink:href"),
  };
  const gone = set(`style srcset srcdoc imagesrcset nonce integrity ping sizes content http-equiv width height d points transform viewbox
    fill stroke x y cx cy r rx ry x1 x2 y1 y2 offset gradienttransform clip-path mask xmlns xmlns:xlink preserveaspectratio is`);

  /** @param {string} value */
  function known(value) {
    const parts = value.toLowerCase().split(/\s+/);
    return parts.every((one) => !one || bevara_record.words.values.has(one)) ? value : replace.list(value);
  }

  /** @param {string} value */
  function language(value) {
    const [main] = value.toLowerCase().split(/[-_]/);
    return bevara_record.words.languages.has(main) ? main : "und";
  }

  /** @param {string} name @param {string} value @returns {string} */
  function ofKnownName(name, value) {
    if (name === "lang" || name === "hreflang" || name === "xml:lang") return language(value);
    if (name === "target" || name === "rel") return /^(_blank|_self|_top|_parent|nofollow|noopener|noreferrer|ugc|external|\s)*$/.test(value) ? value : replace.list(value);
    if (kinds.known.has(name)) return known(value);
    if (kinds.number.has(name)) return /^-?\d{1,4}$/.test(value) ? value : replace.token(value);
    if (kinds.flag.has(name)) return "";
    if (kinds.names.has(name)) return replace.list(value);
    if (kinds.text.has(name)) return replace.text(value);
    return kinds.address.has(name) ? replace.url(value) : replace.token(value);
  }

  const everyKnown = new Set([...Object.values(kinds).flatMap((names) => [...names]), "lang", "hreflang", "xml:lang", "target", "rel"]);

  /** @param {string} name of an attribute on no list @returns {string|null} */
  function renamed(name) {
    const data = /^data-(.+)$/.exec(name);
    const made = data ? `data-${replace.token(data[1])}` : /^[a-z]+$/.test(name) ? replace.token(name) : null;
    return made && /^[a-z][a-z0-9_.-]*$/i.test(made) ? made.toLowerCase() : null;
  }

  /** @param {string} value such as JSON in an attribute, of which nothing but its kind is kept */
  function unknown(value) {
    return /[{[<]|^\s*data:/.test(value) ? "" : /^(https?:)?\/\/\S+$/.test(value) ? replace.url(value) : replace.token(value);
  }

  /** @param {Element} element @returns {[string, string][]} */
  return function of(element) {
    /** @type {[string, string][]} */
    const out = [];
    for (const { name: written, value } of element.attributes) {
      const name = written.toLowerCase();
      if (gone.has(name) || name.startsWith("on")) continue;
      const made = everyKnown.has(name) ? name : renamed(name);
      if (made) out.push([made, everyKnown.has(name) ? ofKnownName(name, value) : unknown(value)]);
    }
    return out;
  };
};
