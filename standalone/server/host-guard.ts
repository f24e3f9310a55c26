// DNS rebinding: a foreign name that resolves to this address must not reach the shell, so only known names are answered.
import type { RequestHandler } from 'express';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** @returns the host name of a Host header without its port, lower case; null when there is none or it is malformed */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match?.[1]?.toLowerCase() ?? null;
}

/** Answers 421 unless the Host header is a loopback name or the host of PUBLIC_URL. */
export function hostGuard(publicUrl: string): RequestHandler {
  const allowed = new Set([...LOOPBACK_NAMES, new URL(publicUrl).hostname]);
  return (req, res, next) => {
    const name = hostName(req.headers.host);
    if (name !== null && allowed.has(name)) {
      next();
      return;
    }
    res.status(421).json({
      message: `This server does not answer for the host "${req.headers.host ?? ''}". Open ${publicUrl} or set PUBLIC_URL.`,
    });
  };
}
