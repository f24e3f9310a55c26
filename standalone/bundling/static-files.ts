// Copies what pages fetch beside the bundle: icons of @grafana/ui, our own icons for names it does not ship, and the two fonts.
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Weights of Inter that Grafana's theme uses. */
const INTER = ['Inter-Regular', 'Inter-Medium'];
/** The name Grafana's stylesheet asks for. */
const ROBOTO_MONO = 'L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2';

export async function copyStaticFiles(workspace: string, publicDir: string): Promise<void> {
  const packageDir = (name: string): string => path.dirname(createRequire(path.join(workspace, 'package.json')).resolve(`${name}/package.json`));
  const icons = path.join(publicDir, 'build/img/icons');
  const fonts = path.join(publicDir, 'fonts');
  await mkdir(icons, { recursive: true });
  await cp(path.join(packageDir('@grafana/ui'), 'dist/public/img/icons'), icons, { recursive: true });
  await cp(path.join(workspace, 'icons'), icons, { recursive: true, force: false });
  await Promise.all(INTER.map((name) => cp(path.join(packageDir('inter-ui'), `web/${name}.woff2`), path.join(fonts, `inter/${name}.woff2`))));
  await cp(path.join(packageDir('@fontsource/roboto-mono'), 'files/roboto-mono-latin-400-normal.woff2'), path.join(fonts, `roboto/${ROBOTO_MONO}`));
}
