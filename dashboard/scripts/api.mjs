// Writes src/generated/api.ts from the server's OpenAPI document; with --check only says whether it is up to date.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../crates/web/openapi.json", import.meta.url);
const target = new URL("../src/generated/api.ts", import.meta.url);
const head = "// Generated from crates/web/openapi.json by `npm run api`. Do not edit.\n\n";

export async function generate() {
  const document = JSON.parse(await readFile(source, "utf8"));
  return head + astToString(await openapiTS(document, { alphabetize: true }));
}

export async function current() {
  return await readFile(target, "utf8").catch(() => "");
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = await generate();
  if (process.argv.includes("--check")) {
    if (text !== (await current())) {
      console.error("src/generated/api.ts is out of date: run `npm run api` and commit the result");
      process.exit(1);
    }
  } else {
    await writeFile(target, text);
  }
}
