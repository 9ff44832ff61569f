/* Holds a pack to its schema. Knows the words of JSON Schema that the schema uses, and trips on any other. */

/** @typedef {Record<string, any>} Schema */

const ASIDE = new Set(["$schema", "$id", "$defs", "title", "description"]);

/** @type {Record<string, (value: any, rule: any, schema: Schema, root: Schema, at: string) => string|null>} */
const RULES = {
  $ref: (value, rule, _, root, at) => broken(value, root.$defs[rule.replace("#/$defs/", "")], root, at),
  type: (value, rule, _, __, at) => ([rule].flat().some((/** @type {string} */ name) => isA(value, name)) ? null : at),
  const: (value, rule, _, __, at) => (value === rule ? null : at),
  enum: (value, rule, _, __, at) => (rule.includes(value) ? null : at),
  pattern: (value, rule, _, __, at) => (typeof value !== "string" || new RegExp(rule, "u").test(value) ? null : at),
  minLength: (value, rule, _, __, at) => (typeof value !== "string" || [...value].length >= rule ? null : at),
  maxLength: (value, rule, _, __, at) => (typeof value !== "string" || [...value].length <= rule ? null : at),
  minimum: (value, rule, _, __, at) => (typeof value !== "number" || value >= rule ? null : at),
  maximum: (value, rule, _, __, at) => (typeof value !== "number" || value <= rule ? null : at),
  minItems: (value, rule, _, __, at) => (!Array.isArray(value) || value.length >= rule ? null : at),
  maxItems: (value, rule, _, __, at) => (!Array.isArray(value) || value.length <= rule ? null : at),
  items: (value, rule, _, root, at) => (Array.isArray(value) ? firstOf(value, (one, index) => broken(one, rule, root, `${at}/${index}`)) : null),
  required: (value, rule, _, __, at) => (isA(value, "object") ? firstOf(rule, (name) => (Object.hasOwn(value, name) ? null : `${at}/${name}`)) : null),
  properties: (value, rule, _, root, at) => (isA(value, "object")
    ? firstOf(Object.keys(rule), (name) => (Object.hasOwn(value, name) ? broken(value[name], rule[name], root, `${at}/${name}`) : null)) : null),
  propertyNames: (value, rule, _, root, at) => (isA(value, "object") ? firstOf(Object.keys(value), (name) => broken(name, rule, root, `${at}/${name}`)) : null),
  additionalProperties: (value, rule, schema, root, at) => (isA(value, "object")
    ? firstOf(Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name)),
      (name) => (rule === false ? `${at}/${name}` : rule === true ? null : broken(value[name], rule, root, `${at}/${name}`))) : null),
};

/** @param {any} value @param {string} name */
function isA(value, name) {
  if (name === "array") return Array.isArray(value);
  if (name === "object") return value !== null && typeof value === "object" && !Array.isArray(value);
  if (name === "null") return value === null;
  return name === "integer" ? Number.isInteger(value) : typeof value === name;
}

/** @template T @param {T[]} list @param {(one: T, index: number) => string|null} look @returns {string|null} */
function firstOf(list, look) {
  for (const [index, one] of list.entries()) {
    const found = look(one, index);
    if (found !== null) return found;
  }
  return null;
}

/** Where a value breaks a schema, as a JSON pointer; null when it does not.
 * @param {any} value @param {Schema} schema @param {Schema} [root] @param {string} [at] @returns {string|null} */
export function broken(value, schema, root = schema, at = "") {
  return firstOf(Object.keys(schema).filter((word) => !ASIDE.has(word)), (word) => {
    if (!RULES[word]) throw new Error(`the schema says ${word}`);
    return RULES[word](value, schema[word], schema, root, at);
  });
}
