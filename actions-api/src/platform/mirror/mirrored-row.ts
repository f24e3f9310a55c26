// From what the host's tables record to a row of the stream.
import type { ClientContext, ClientReader } from '../events/client-context.ts';
import { type QualifyingDefinition, qualifies } from '../events/qualifying.ts';

type Kind = 'session_started' | 'session_used' | 'conversation_created' | 'message_sent';

/** A row of the view host_activity. */
export interface Activity {
  readonly message_id: string;
  readonly user_id: string;
  readonly kind: Kind;
  /** As PostgreSQL writes it: to the microsecond. */
  readonly at: string;
  readonly changed_at: string;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

export interface MirroredRow extends Omit<ClientContext, 'bot'> {
  readonly messageId: string;
  readonly userId: string;
  readonly at: string;
  readonly name: string;
  readonly feature: string | null;
  readonly qualifies: boolean;
}

const NAMES: Readonly<Record<Kind, { readonly name: string; readonly feature: string | null }>> = {
  session_started: { name: 'Session Started', feature: null },
  session_used: { name: 'Session Used', feature: null },
  conversation_created: { name: 'Conversation Created', feature: 'chat' },
  message_sent: { name: 'Message Sent', feature: 'chat' },
};
const NOWHERE: ClientContext = { country: 'unknown', region: null, platform: 'unknown', device: 'unknown', os: 'unknown', browser: 'unknown', appVersion: 'unknown', bot: false };
const MOST_REMEMBERED = 20_000;

/** What a client of the host says of itself: its own desktop program with its version, or a browser, on a phone or not. */
function saidBy(userAgent: string): Readonly<Record<string, unknown>> {
  const app = /^CloudToLocalLLM\/(\S+)/.exec(userAgent)?.[1];
  if (app !== undefined) {
    return { platform: 'desktop', app: { version: app }, device: { type: 'desktop' }, os: { name: /\((Windows|macOS|Linux)/.exec(userAgent)?.[1] } };
  }
  return userAgent.startsWith('Mozilla/') ? { platform: /Mobile|Android|iPhone|iPad/.test(userAgent) ? 'mobile' : 'web' } : {};
}

/** A reader that remembers: sessions of one user mostly have the same address and user agent. */
export function createRowReader(readClient: ClientReader): (activity: Activity, definition: QualifyingDefinition) => MirroredRow {
  const known = new Map<string, ClientContext>();
  const clientOf = ({ ip, user_agent: userAgent }: Activity): ClientContext => {
    if (ip === null && userAgent === null) {
      return NOWHERE;
    }
    const origin = `${ip ?? ''}\n${userAgent ?? ''}`;
    let client = known.get(origin);
    if (client === undefined) {
      const context = { ...saidBy(userAgent ?? ''), ip: ip ?? '', userAgent: userAgent ?? '' };
      client = readClient({ ip: null, fromServer: true, userAgent: null, hints: {}, context, regionAllowed: false });
      if (known.size >= MOST_REMEMBERED) {
        known.clear();
      }
      known.set(origin, client);
    }
    return client;
  };
  return (activity, definition) => {
    const { name, feature } = NAMES[activity.kind];
    const { bot: _bot, ...client } = clientOf(activity);
    return { ...client, messageId: activity.message_id, userId: activity.user_id, at: activity.at, name, feature, qualifies: qualifies(definition, 'track', name) };
  };
}
