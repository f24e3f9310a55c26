// Posts one body over an agent's connections, with a project key, at the least cost to the machine that is measured.
import { type Agent, request } from 'node:http';

export interface Target {
  readonly url: string;
  readonly key: string;
}

/** @returns the status; 0 when there was no answer */
export function post({ url, key }: Target, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`, 'content-type': 'application/json', 'content-length': body.length } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}
