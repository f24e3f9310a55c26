// The shell's two cookies: the session (opaque, never readable by scripts) and the chosen theme.
import type { CookieOptions, Request, Response } from 'express';
import { LIFETIME_MS } from './session.ts';

const SESSION = 'admin_center_session';
const THEME = 'admin_center_theme';
const YEAR_MS = 365 * 86_400_000;

export type Theme = 'dark' | 'light';

function readCookie(req: Request, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined) {
      return value;
    }
  }
  return undefined;
}

export interface Cookies {
  sessionToken(req: Request): string | undefined;
  setSession(res: Response, token: string): void;
  clearSession(res: Response): void;
  theme(req: Request): Theme;
  setTheme(res: Response, theme: Theme): void;
}

/** @param publicUrl decides `Secure`: browsers keep such a cookie only on https */
export function createCookies(publicUrl: string): Cookies {
  const base: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure: publicUrl.startsWith('https:') };
  return {
    sessionToken: (req) => readCookie(req, SESSION),
    setSession: (res, token) => void res.cookie(SESSION, token, { ...base, maxAge: LIFETIME_MS }),
    clearSession: (res) => void res.clearCookie(SESSION, base),
    theme: (req) => (readCookie(req, THEME) === 'light' ? 'light' : 'dark'),
    setTheme: (res, theme) => void res.cookie(THEME, theme, { ...base, maxAge: YEAR_MS }),
  };
}
