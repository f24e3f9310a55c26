// The one HTML page of the shell: globals that must exist before any module runs, then the host bundle.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Theme } from './cookies.ts';
import { OTHER_LETTERS } from './fonts.ts';
import { html, scriptJson } from './html.ts';

const manifestSchema = z.object({ script: z.string(), style: z.string(), preload: z.array(z.string()) });
/** File names of the host bundle, as the build wrote them. */
export type HostManifest = z.output<typeof manifestSchema>;

/** @throws Error that says how to build it when it is not there */
export function createHostManifestReader(hostDist: string): () => Promise<HostManifest> {
  const file = path.join(hostDist, 'manifest.json');
  let cached: { mtimeMs: number; manifest: HostManifest } | undefined;
  return async () => {
    const { mtimeMs } = await stat(file).catch((cause: unknown) => {
      throw new Error(`No host bundle in ${hostDist}. Build it first: node standalone/build.ts.`, { cause });
    });
    if (cached?.mtimeMs !== mtimeMs) {
      cached = { mtimeMs, manifest: manifestSchema.parse(JSON.parse(await readFile(file, 'utf8'))) };
    }
    return cached.manifest;
  };
}

export interface Page {
  readonly nonce: string;
  readonly theme: Theme;
  readonly title: string;
  readonly icon: string;
  readonly pluginId: string;
  readonly bootData: object;
  readonly manifest: HostManifest;
}

/** `__grafana_public_path__` is absolute, or icons would be looked for below the page; colours avoid a flash of white. */
export function shellPage({ nonce, theme, title, icon, pluginId, bootData, manifest }: Page): string {
  const [canvas, muted] = theme === 'dark' ? ['#111217', '#9d9fa9'] : ['#fbfbfb', '#5d6066'];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="/">
<title>${title}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${manifest.style}">
${manifest.preload.map((file) => html`<link rel="modulepreload" href="${file}">\n`)}
<style>
${OTHER_LETTERS}
html, body, #reactRoot { height: 100%; margin: 0; }
body { background: ${canvas}; }
.loading { margin: 0; padding-top: 40vh; text-align: center; font: 14px Inter, sans-serif; color: ${muted}; }
</style>
</head>
<body class="theme-${theme} app-grafana">
<div id="reactRoot"><p class="loading" role="status">Loading ${title}</p></div>
<script nonce="${nonce}">window.__grafana_public_path__='/public/';window.grafanaBootData=${scriptJson(bootData)};window.standaloneShell=${scriptJson({ pluginId })};</script>
<script type="module" src="${manifest.script}"></script>
</body>
</html>
`.markup;
}
