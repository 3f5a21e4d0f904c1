// Fails when the script a first visit loads (the entry and what it imports at once) passes 300 KiB gzip (UI-29).
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 300 * 1024;
const dist = new URL("../dist/", import.meta.url);
const page = await readFile(new URL("index.html", dist), "utf8");
const paths = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((m) => m[1]);
let total = 0;
for (const path of paths) {
  const bytes = gzipSync(await readFile(new URL(path, dist))).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${path}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  first load, gzip (limit ${LIMIT_BYTES / 1024})`);
if (total > LIMIT_BYTES) process.exit(1);
