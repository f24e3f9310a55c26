// Signing in as one of the people of ADMINS_FILE, signing out, choosing the theme; and who a request comes from.
import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Logger } from '@admin-center/platform/log';
import type { Cookies } from './cookies.ts';
import type { Person, ReadPeople } from './people.ts';
import { sendPage } from './security-headers.ts';
import type { Sessions } from './session.ts';
import { signInPage } from './sign-in-page.ts';

const PERSON = 'person';

export interface SignInOptions {
  readonly people: ReadPeople;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly log: Logger;
}

/** Puts the signed-in person on the response; someone taken out of the list is signed out at once. */
export function identify({ people, sessions, cookies }: SignInOptions): RequestHandler {
  return async (req, res, next) => {
    const login = sessions.find(cookies.sessionToken(req))?.login;
    if (login !== undefined) {
      res.locals[PERSON] = (await people()).find((person) => person.login === login);
    }
    next();
  };
}

/** API calls without a session get 401, as from Grafana; pages go to the sign-in page and come back afterwards. */
export const requireSignIn: RequestHandler = (req, res, next) => {
  if (res.locals[PERSON] !== undefined) {
    next();
  } else if (req.path.startsWith('/api/') || !['GET', 'HEAD'].includes(req.method)) {
    res.status(401).json({ message: 'Unauthorized' });
  } else {
    res.redirect(`/login?redirectTo=${encodeURIComponent(req.originalUrl)}`);
  }
};

/** @throws Error behind a route without `requireSignIn`; a mistake in the wiring, not in a request */
export function signedIn(res: Response): Person {
  const person = res.locals[PERSON] as Person | undefined;
  if (person === undefined) {
    throw new Error('Nobody is signed in.');
  }
  return person;
}

/** A path on this origin, or the start page for anything that could lead elsewhere. */
export function localPath(target: unknown): string {
  const base = 'http://localhost';
  if (typeof target !== 'string' || !target.startsWith('/') || !URL.canParse(target, base)) {
    return '/';
  }
  const { origin, pathname, search, hash } = new URL(target, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

const themeForm = z.object({ theme: z.enum(['dark', 'light']), returnTo: z.string().optional() });
const signInForm = z.object({ login: z.string(), redirectTo: z.string().optional() });

export function signInRoutes({ people, sessions, cookies, log }: SignInOptions): Router {
  const router = Router();
  const form = urlencoded({ extended: false, limit: '8kb' });

  router.get('/login', async (req: Request, res) => {
    const redirectTo = localPath(req.query['redirectTo']);
    const list = await people();
    sendPage(res, () => signInPage({ theme: cookies.theme(req), people: list, redirectTo }));
  });

  router.post('/login', form, async (req, res) => {
    const parsed = signInForm.safeParse(req.body);
    const person = parsed.success ? (await people()).find(({ login }) => login === parsed.data.login) : undefined;
    if (person === undefined) {
      log.warn('sign-in refused: no such person');
      res.redirect(303, '/login');
      return;
    }
    sessions.end(cookies.sessionToken(req));
    cookies.setSession(res, sessions.start(person.login));
    log.info({ login: person.login }, 'signed in');
    res.redirect(303, localPath(parsed.data?.redirectTo));
  });

  router.post('/logout', form, (req, res) => {
    sessions.end(cookies.sessionToken(req));
    cookies.clearSession(res);
    res.redirect(303, '/login');
  });

  router.post('/theme', form, (req, res) => {
    const parsed = themeForm.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ message: 'theme must be dark or light' });
      return;
    }
    cookies.setTheme(res, parsed.data.theme);
    res.redirect(303, localPath(parsed.data.returnTo));
  });

  return router;
}
