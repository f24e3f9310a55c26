// When two addresses are one person's: mailboxes that differ in what providers ignore, hosts in one network.

/** Providers that ignore dots before the @; the same mailbox under both names. */
const GMAIL = new Set(['gmail.com', 'googlemail.com']);

/** Lower case, without what follows a plus, and for Gmail without dots. */
export function normalMailbox(email: string): string {
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const mailbox = address.slice(0, Math.max(at, 0)).split('+', 1)[0] as string;
  return GMAIL.has(domain) ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`;
}

/** What PostgreSQL takes as the neighbourhood of an address: a /24, or the /64 a household gets in IPv6. */
export const networkOf = (ip: string): string => (ip.includes(':') ? `${ip}/64` : `${ip}/24`);
