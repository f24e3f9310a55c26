// Static files: the host bundle with its pre-compressed twins, icons and fonts, and the plugin's own files as they are.
import path from 'node:path';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { PluginFiles } from './plugin-files.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Icons and fonts keep their names when their content changes. */
const A_DAY = 'public, max-age=86400';

const ENCODINGS = [
  { token: 'br', suffix: '.br' },
  { token: 'gzip', suffix: '.gz' },
] as const;

export function assetRoutes(hostDist: string, plugin: () => Promise<PluginFiles>): Router {
  const router = Router();
  const publicDir = path.join(hostDist, 'public');

  router.get('/public/build/host/*file', (req, res, next) => {
    const name = filePath(req);
    const wanted = ENCODINGS.find(
      ({ token }) => req.acceptsEncodings(token) === token && /\.(?:js|css|svg)$/.test(name),
    );
    res.set({ 'cache-control': IMMUTABLE, vary: 'Accept-Encoding' });
    if (wanted !== undefined) {
      res.set('content-encoding', wanted.token).type(path.extname(name));
    }
    sendFile(res, path.join(publicDir, 'build/host'), name + (wanted?.suffix ?? ''), next);
  });

  router.get('/public/plugins/:id/*file', async (req, res, next) => {
    const found = (await plugin()).find(req.params.id);
    if (found === undefined) {
      notFound(res);
      return;
    }
    // The key in the address changes with the content: Webpack's hash for chunks, ours for module.js.
    const keyed = req.query['_cache'] !== undefined;
    res.set('cache-control', keyed ? IMMUTABLE : 'no-cache');
    sendFile(res, found.directory, filePath(req), next);
  });

  router.use(
    '/public',
    express.static(publicDir, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (res) => void res.setHeader('cache-control', A_DAY),
    }),
  );
  router.use('/public', (_req, res) => notFound(res));
  return router;
}

/** Only below `root`, and no dot files; what is not there is a 404 that nobody caches. */
function sendFile(res: Response, root: string, name: string, next: NextFunction): void {
  res.sendFile(name, { root, cacheControl: false }, (error: Error | undefined) => {
    if (error === undefined || res.headersSent) {
      return;
    }
    res.removeHeader('content-encoding');
    res.set('cache-control', 'no-store');
    if ('status' in error && error.status === 404) {
      notFound(res);
    } else {
      next(error);
    }
  });
}

const filePath = (req: Request): string => [req.params['file']].flat().join('/');

const notFound = (res: Response): void => void res.status(404).json({ message: 'Not found' });
