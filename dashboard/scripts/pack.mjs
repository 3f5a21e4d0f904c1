// Puts a brotli and a gzip form beside every text file of dist/, so that the server sends them without work.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const TEXT = /\.(html|js|css|svg|json|txt)$/;
/** A packed form that saves less than this is not worth a file. */
const WORTH_BYTES = 256;

for (const name of await readdir(dist, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const file = new URL(name.replaceAll("\\", "/"), dist);
  const plain = await readFile(file);
  const forms = {
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gz: gzipSync(plain, { level: 9 }),
  };
  for (const [ending, packed] of Object.entries(forms)) {
    if (plain.length - packed.length >= WORTH_BYTES)
      await writeFile(new URL(`${file.href}.${ending}`), packed);
  }
}
