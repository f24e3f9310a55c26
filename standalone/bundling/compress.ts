// Writes .br and .gz beside every text file of the bundle, once: names carry a hash of the content, so what is there stays.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** Tiers of effort: the best brotli takes about ten times as long as the next, so it goes to what every first view transfers. */
const BEST = 11;
const GOOD = 9;

export async function compressFiles(files: readonly string[], firstView: ReadonlySet<string>): Promise<void> {
  const texts = files.filter((file) => /\.(?:js|css|svg)$/.test(file));
  await Promise.all(texts.map((file) => compressFile(file, firstView.has(file) ? BEST : GOOD)));
}

async function compressFile(file: string, quality: number): Promise<void> {
  if ((await exists(`${file}.br`)) && (await exists(`${file}.gz`))) {
    return;
  }
  const content = await readFile(file);
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: quality,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  await writeFile(`${file}.br`, await brotli(content, { params }));
  await writeFile(`${file}.gz`, await gzip(content, { level: 9 }));
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
