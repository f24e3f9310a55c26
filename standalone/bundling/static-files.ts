// Copies what pages fetch beside the bundle: icons of @grafana/ui, our own icons for names it does not ship, and the two fonts.
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Weights of Inter that Grafana's theme uses. */
const INTER = ['Inter-Regular', 'Inter-Medium'];
/** The name Grafana's stylesheet asks for. */
const ROBOTO_MONO = 'L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2';

const packageDir = (workspace: string, name: string): string =>
  path.dirname(createRequire(path.join(workspace, 'package.json')).resolve(`${name}/package.json`));

/** Folders of icons: what @grafana/ui ships, then what we drew for names it does not ship. */
export const iconFolders = (workspace: string): readonly string[] => [
  path.join(packageDir(workspace, '@grafana/ui'), 'dist/public/img/icons'),
  path.join(workspace, 'icons'),
];

export async function copyStaticFiles(workspace: string, publicDir: string): Promise<void> {
  const icons = path.join(publicDir, 'build/img/icons');
  const fonts = path.join(publicDir, 'fonts');
  await mkdir(icons, { recursive: true });
  for (const folder of iconFolders(workspace)) {
    await cp(folder, icons, { recursive: true });
  }
  const inter = packageDir(workspace, 'inter-ui');
  for (const name of INTER) {
    // The Latin letters under the name Grafana asks for, a quarter of the size; everything else only when a page has it (server/fonts.ts).
    await cp(path.join(inter, `web-latin/${name}-subset.woff2`), path.join(fonts, `inter/${name}.woff2`));
    await cp(path.join(inter, `web/${name}.woff2`), path.join(fonts, `inter/full/${name}.woff2`));
  }
  await cp(
    path.join(packageDir(workspace, '@fontsource/roboto-mono'), 'files/roboto-mono-latin-400-normal.woff2'),
    path.join(fonts, `roboto/${ROBOTO_MONO}`),
  );
}
