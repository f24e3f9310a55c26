// Sends one request on and streams the answer back: body limit 413, nothing listening 502, too slow 504.
import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { responseHeaders } from './headers.ts';

export interface ForwardLimits {
  /** Bytes of a request body at most. */
  readonly maxBodyBytes: number;
  /** Milliseconds until the answer's headers must have come. */
  readonly timeoutMs: number;
}

const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 50 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 50 }),
};

/** Resolves when the answer is finished or given up; never rejects. */
export function forward(
  req: Request,
  res: Response,
  target: URL,
  headers: OutgoingHttpHeaders,
  limits: ForwardLimits,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  res.once('close', resolve);

  if (Number(req.headers['content-length'] ?? 0) > limits.maxBodyBytes) {
    tooLarge(res, limits);
    return promise;
  }

  const secure = target.protocol === 'https:';
  const upstream = (secure ? https : http).request(target, {
    method: req.method,
    headers,
    agent: agents[secure ? 'https:' : 'http:'],
  });

  const fail = (status: number, message: string): void => {
    clearTimeout(timer);
    upstream.destroy();
    if (res.headersSent) {
      res.destroy();
    } else {
      res.status(status).json({ message });
    }
  };
  const timer = setTimeout(
    () => fail(504, `The actions API did not answer within ${limits.timeoutMs / 1000} s.`),
    limits.timeoutMs,
  );

  upstream.on('error', () => {
    if (!res.headersSent && !res.destroyed) {
      fail(502, `The actions API cannot be reached at ${target.host}. Is it running?`);
    }
  });
  upstream.on('response', (answer: IncomingMessage) => {
    clearTimeout(timer);
    if (res.headersSent) {
      answer.destroy();
      return;
    }
    res.writeHead(answer.statusCode ?? 502, responseHeaders(answer.headers));
    // Headers of a stream must not wait for its first byte.
    res.flushHeaders();
    answer.on('error', () => res.destroy());
    answer.pipe(res);
  });
  res.once('close', () => {
    clearTimeout(timer);
    upstream.destroy();
  });

  let received = 0;
  req.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limits.maxBodyBytes) {
      req.unpipe(upstream);
      req.resume();
      if (!res.headersSent) {
        clearTimeout(timer);
        upstream.destroy();
        tooLarge(res, limits);
      }
    }
  });
  req.pipe(upstream);
  return promise;
}

function tooLarge(res: Response, { maxBodyBytes }: ForwardLimits): void {
  // The rest of the body is not read; the connection ends with the answer.
  res.setHeader('connection', 'close');
  res.status(413).json({ message: `The request body is larger than ${Math.floor(maxBodyBytes / 1024)} KiB.` });
}
