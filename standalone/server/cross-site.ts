// Cross-site request forgery: a request that changes something must come from a page of this very origin.
import type { RequestHandler } from 'express';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Grafana compares the Origin's host name with Host and lets a request without Origin pass (it is not a browser's).
 * This is stricter where a shell on loopback needs it: ports count, since every program on 127.0.0.1 is the same site.
 */
export const crossSiteGuard: RequestHandler = (req, res, next) => {
  const site = req.headers['sec-fetch-site'];
  const foreignRead =
    SAFE_METHODS.includes(req.method) && req.path.toLowerCase().startsWith('/api/') && site === 'cross-site';
  const foreignWrite =
    !SAFE_METHODS.includes(req.method) &&
    ((site !== undefined && site !== 'same-origin') || !sameOrigin(req.headers.origin, req.headers.host));
  if (foreignRead || foreignWrite) {
    res.status(403).json({ message: 'origin not allowed' });
    return;
  }
  next();
};

/** An absent Origin passes, as in Grafana; `null` (sandboxed pages) and unparsable ones do not. */
function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) {
    return true;
  }
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
