// Reads an AsyncAPI document from standard input; writes its faults as JSON, warnings left out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { Parser } = createRequire(`${process.cwd()}/`)("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const faults = diagnostics.filter((one) => one.severity === 0).map((one) => one.message);
const operations = document?.operations().all().map((one) => `${one.action()} ${one.id()}`);
console.log(JSON.stringify({ faults, operations: operations ?? [] }));
