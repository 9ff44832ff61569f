/* The contract's examples, as a JavaScript reader sees them. tests/unit/contract/test_examples.py runs this file. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";

const SHARED = new URL("../../../shared/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, SHARED), "utf8"));
const names = (path) => readdirSync(new URL(path, SHARED)).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
const folders = (path) => readdirSync(new URL(path, SHARED), { withFileTypes: true }).filter((item) => item.isDirectory()).map((item) => item.name);

const ajv = addFormats(new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }));
for (const name of names("schema/")) ajv.addSchema(read(`schema/${name}.json`));

/** The errors of a document, each with a pointer to its field. */
function errors(schema, document) {
  const validate = ajv.getSchema(`${schema}.json`);
  validate(document);
  return (validate.errors ?? []).map((error) => error.instancePath);
}

const examples = (kind) => folders(`examples/${kind}/`)
  .flatMap((schema) => names(`examples/${kind}/${schema}/`).map((name) => [schema, name]));

for (const [schema, name] of examples("valid")) {
  test(`valid: ${schema}/${name}`, () => assert.deepEqual(errors(schema, read(`examples/valid/${schema}/${name}.json`)), []));
}

const fields = read("examples/invalid/fields.json");
for (const [schema, name] of examples("invalid")) {
  test(`invalid: ${schema}/${name}`, () => {
    const field = fields[`${schema}/${name}`];
    assert.ok(errors(schema, read(`examples/invalid/${schema}/${name}.json`)).includes(field), `expected ${field}`);
  });
}

for (const [format, { valid, invalid }] of Object.entries(read("examples/formats.json"))) {
  const check = ajv.compile({ type: "string", format });
  test(`format: ${format}`, () => {
    for (const text of valid) assert.ok(check(text), text);
    for (const text of invalid) assert.ok(!check(text), text);
  });
}
