// Writes small databases of addresses (MaxMind DB 2.0, https://maxmind.github.io/MaxMind-DB/), so that every field can be tested.
import { writeFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';

export type GeoValue = string | number | boolean | readonly GeoValue[] | { readonly [key: string]: GeoValue };

const HEADER_BYTES = 6;
const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);

type Node = [Node | Buffer | null, Node | Buffer | null];

/** @param networks by CIDR, what its record says */
export async function writeGeoDatabase(file: string, networks: Readonly<Record<string, GeoValue>>, builtAt = new Date()): Promise<void> {
  const root: Node = [null, null];
  for (const [network, record] of Object.entries(networks)) {
    insert(root, network, encode(record));
  }
  const nodes: Node[] = [root];
  for (let at = 0; at < nodes.length; at += 1) {
    nodes.push(...(nodes[at] as Node).filter((side): side is Node => Array.isArray(side)));
  }
  const index = new Map(nodes.map((node, at) => [node, at]));
  const data: Buffer[] = [];
  let size = 0;
  const tree = Buffer.alloc(nodes.length * HEADER_BYTES);
  nodes.forEach((node, at) =>
    node.forEach((side, half) => {
      let value = nodes.length;
      if (Buffer.isBuffer(side)) {
        value = nodes.length + SEPARATOR.length + size;
        data.push(side);
        size += side.length;
      } else if (side !== null) {
        value = index.get(side) as number;
      }
      tree.writeUIntBE(value, at * HEADER_BYTES + half * 3, 3);
    }),
  );
  const metadata = {
    binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: Math.floor(builtAt.getTime() / 1_000), database_type: 'Test-City',
    description: {}, ip_version: 6, languages: [], node_count: nodes.length, record_size: 24,
  };
  await writeFile(file, Buffer.concat([tree, SEPARATOR, ...data, MARKER, encode(metadata)]));
}

function insert(root: Node, network: string, record: Buffer): void {
  const [address, bits] = ipaddr.parseCIDR(network);
  const v4 = address.kind() === 'ipv4';
  // IPv4 addresses are those of ::/96.
  const bytes = v4 ? [...Array<number>(12).fill(0), ...address.toByteArray()] : address.toByteArray();
  const depth = v4 ? bits + 96 : bits;
  let node = root;
  for (let at = 0; at < depth; at += 1) {
    const half = ((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1;
    if (at === depth - 1) {
      node[half] = record;
    } else {
      node = (node[half] ??= [null, null]) as Node;
    }
  }
}

const [STRING, MAP, UINT32, ARRAY, BOOLEAN] = [2, 7, 6, 11, 14];

function encode(value: GeoValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(STRING, bytes.length), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(UINT32, 4), bytes]);
  }
  if (typeof value === 'boolean') {
    return control(BOOLEAN, value ? 1 : 0);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(ARRAY, value.length), ...value.map(encode)]);
  }
  const entries = Object.entries(value as { readonly [key: string]: GeoValue });
  return Buffer.concat([control(MAP, entries.length), ...entries.flatMap(([key, part]) => [encode(key), encode(part)])]);
}

/** Types from 8 on stand in a byte of their own; sizes from 29 on too. */
function control(type: number, size: number): Buffer {
  const short = Math.min(size, 29);
  const bytes = type > 7 ? [short, type - 7] : [(type << 5) | short];
  return Buffer.from(size >= 29 ? [...bytes, size - 29] : bytes);
}
