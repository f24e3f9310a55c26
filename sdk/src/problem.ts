// Refusals, as problem documents of RFC 9457.
import { STATUS_CODES, type ServerResponse } from 'node:http';

export function refuse(response: ServerResponse, status: number, type: string, detail: string, members: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify({ ...members, type: `urn:admin-center:problem:${type}`, title: STATUS_CODES[status], status, detail });
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
