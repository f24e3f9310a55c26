// ANY /api/plugin-proxy/<plugin id>/<route>: the only way from the browser to the actions API, as Grafana's plugin proxy does it.
import { Router, type Request, type Response } from 'express';
import { mayAccess } from '../../src/access.ts';
import { actionsOf } from '../access.ts';
import type { MintIdToken } from '../id-token.ts';
import type { PluginFiles } from '../plugin-files.ts';
import { signedIn } from '../sign-in.ts';
import { forward, type ForwardLimits } from './forward.ts';
import { requestHeaders } from './headers.ts';
import { matchRoute, safeSegments } from './match.ts';
import { renderTemplate, type TemplateData } from './template.ts';

const PREFIX = '/api/plugin-proxy/';

export interface ProxyOptions {
  readonly plugin: () => Promise<PluginFiles>;
  readonly mint: MintIdToken;
  /** What Grafana would have stored as the plugin's settings. */
  readonly settings: TemplateData;
  readonly limits: ForwardLimits;
}

export function proxyRoutes({ plugin, mint, settings, limits }: ProxyOptions): Router {
  const router = Router();
  router.use(async (req: Request, res: Response, next) => {
    const [rawPath = '', query] = splitOnce(req.originalUrl, '?');
    if (!rawPath.startsWith(PREFIX)) {
      next();
      return;
    }
    // Grafana drops one trailing slash before it looks for a route.
    const [id = '', rest = ''] = splitOnce(rawPath.slice(PREFIX.length).replace(/\/$/, ''), '/');
    const { app } = await plugin();
    if (id !== app.manifest.id) {
      res.status(404).json({ message: 'Plugin not found' });
      return;
    }
    const segments = safeSegments(rest);
    if (segments === null) {
      res.status(400).json({
        message:
          'The path holds "..", an encoded separator or an empty segment. Put free text into the query or the body.',
      });
      return;
    }
    const match = matchRoute(app.manifest.routes, req.method, segments);
    if (match === null) {
      res.status(404).json({ message: 'plugin route match not found' });
      return;
    }
    const person = signedIn(res);
    const { reqAction: action, reqRole: role } = match.route;
    if (!mayAccess({ action, role }, person.orgRole, actionsOf(app.manifest, person))) {
      res.status(403).json({ message: 'plugin proxy route access denied' });
      return;
    }
    const target = new URL(renderTemplate(match.route.url, settings));
    if (match.tail !== null) {
      target.pathname = [target.pathname.replace(/\/+$/, ''), ...match.tail.map(encodeURIComponent)].join('/');
    }
    target.search = query ?? '';
    const routeHeaders = (match.route.headers ?? []).map(
      ({ name, content }) => [name, renderTemplate(content, settings)] as const,
    );
    const identity = { person, idToken: await mint(person), remoteAddress: req.socket.remoteAddress ?? '' };
    await forward(req, res, target, requestHeaders(req.headers, identity, routeHeaders), limits);
  });
  return router;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
