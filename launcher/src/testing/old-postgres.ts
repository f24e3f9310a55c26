// Speaks just enough of PostgreSQL's protocol to be a server that is too old. There is no such version at hand, and what is
// tested is only what we say about it.
import { createServer, type Server, type Socket } from 'node:net';

const message = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const READY = message('Z', Buffer.from('I'));
const TEXT_TYPE = 25;
const INT4_TYPE = 23;

function row(values: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(values);
  const columns = names.map((name) => Buffer.concat([text(name), int32(0), int16(0), int32(name === 'version' ? INT4_TYPE : TEXT_TYPE), int16(-1 & 0xffff), int32(-1), int16(0)]));
  const cells = Object.values(values).map((value) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]));
  return Buffer.concat([message('T', int16(names.length), ...columns), message('D', int16(names.length), ...cells), message('C', text('SELECT 1'))]);
}

/** Answers the question for its version with 14.9 and everything else with nothing. */
export function startOldPostgres(): Promise<Server> {
  const server = createServer((socket: Socket) => {
    let greeted = false;
    socket.on('data', (chunk: Buffer) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.concat([message('R', int32(0)), message('S', text('server_version'), text('14.9')), READY]));
      } else if (chunk.toString('latin1', 0, 1) === 'Q') {
        const asked = chunk.includes('server_version_num');
        socket.write(Buffer.concat([asked ? row({ version: '140009', database: 'host', owner: 'owner' }) : message('C', text('SELECT 0')), READY]));
      } else {
        socket.end();
      }
    });
    socket.on('error', () => undefined);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
