// `npm run new <noun>`: writes every file of a capability with a small working example, so that all checks are green at
// once and only the content is left to do. CONTRIBUTING.md says what comes next.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './process/command.ts';
import { explain, Problem } from './problem.ts';
import { inRoot } from './root.ts';
import { namesOf } from './scaffold/names.ts';
import { registrations, type Registration } from './scaffold/registrations.ts';
import { serviceFiles } from './scaffold/services.ts';
import { surfaceFiles } from './scaffold/surface.ts';

async function scaffold(noun: string): Promise<void> {
  const names = namesOf(noun);
  const files = [...serviceFiles(names), ...surfaceFiles(names)];
  const present = files.map(([file]) => file).filter((file) => existsSync(inRoot(file)));
  if (present.length > 0) {
    throw new Problem(`There is a capability ${noun} already: ${present.join(', ')}.`);
  }
  // All edits are worked out before the first file is written, so that a failure leaves the tree as it was.
  const edits = await Promise.all(registrations(names).map(register));
  for (const [file, content] of [...files, ...edits]) {
    await mkdir(path.dirname(inRoot(file)), { recursive: true });
    await writeFile(inRoot(file), content);
    console.log(`${files.some(([written]) => written === file) ? 'wrote  ' : 'changed'} ${file}`);
  }
  // In a process of its own: this one has read the contracts as they were.
  const { code, output } = await run(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', inRoot('launcher/src/generate.ts')]);
  console.log(output.trim());
  if (code !== 0) {
    throw new Problem('The files are written, but not those that follow from them. Repair the message above, then: npm run generate');
  }
  console.log(`\nNext: name what counts in contracts/src/${noun}.ts and database/views/${noun}.sql; npm run check tells what is missing. CONTRIBUTING.md has the steps.`);
}

async function register({ file, insertions }: Registration): Promise<[file: string, content: string]> {
  let text = await readFile(inRoot(file), 'utf8');
  for (const { at, with: insert } of insertions) {
    const [match] = at.exec(text) ?? [];
    if (match === undefined) {
      throw new Problem(`${file} no longer has the place where a capability is named (${at.source.slice(0, 40)}…). Adapt launcher/src/scaffold/registrations.ts.`);
    }
    text = text.replace(match, () => insert(match));
  }
  return [file, text];
}

const [noun] = process.argv.slice(2);
if (noun === undefined || noun.startsWith('-')) {
  console.log('npm run new <noun>: writes a new capability, such as refunds, with a working example in every folder.');
  process.exitCode = noun === undefined ? 1 : 0;
} else {
  await scaffold(noun).catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
}
