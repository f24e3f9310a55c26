// `npm run generate`: writes every file that follows from another one. `npm run check` fails when that was forgotten.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { outdated } from './generated.ts';
import { inRoot } from './root.ts';

const files = await outdated();
for (const [file, content] of files) {
  await mkdir(path.dirname(inRoot(file)), { recursive: true });
  await writeFile(inRoot(file), content);
  console.log(`wrote ${file}`);
}
console.log(files.length === 0 ? 'Everything is current.' : `${files.length} files written; commit them.`);
