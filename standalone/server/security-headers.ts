// Headers every answer carries, and the content security policy of the two pages: own scripts only, no eval, no frames.
import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

export function securityHeaders(publicUrl: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: publicUrl.startsWith('https:'),
    xFrameOptions: { action: 'deny' },
    // The proxy passes the page an action came from on as X-Grafana-Referer.
    referrerPolicy: { policy: 'same-origin' },
  });
}

/** Emotion writes style elements at run time, hence 'unsafe-inline' for styles, as in Grafana's own policy. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');

/** Sends an HTML page that is never cached, with a fresh nonce in its policy. */
export function sendPage(res: Response, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  res
    .set({ 'content-security-policy': policy(nonce), 'cache-control': 'no-store' })
    .type('html')
    .send(render(nonce));
}
