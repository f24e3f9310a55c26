// What is shown as a CSV file that is safe to open (S4): every cell quoted, and text that a spreadsheet would run as a
// formula behind an apostrophe.
export type Cell = string | number | boolean | null | undefined;

const FORMULA = /^[=+\-@\t\r]/;

/** @returns lines that end with CR LF (RFC 4180), the header first */
export const toCsv = (header: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string => [header, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

function quoted(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  // A number may start with a minus; a text that looks like one may not, since it came from outside.
  const safe = typeof cell === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** "Active users, 7 days" → `active-users-7-days-2026-11-28.csv` */
export const csvName = (title: string, at = new Date()): string => `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}-${at.toISOString().slice(0, 10)}.csv`;
