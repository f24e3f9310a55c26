// Conversations with a model, held within a session by a part of the people, and their messages.
import { iso, SECOND } from './calendar.ts';
import { chooser, integer, pick } from './draws.ts';
import { derive, fate, purpose, settled, stream, uuidOf, type Key } from './random.ts';
import type { Session } from './sessions.ts';
import type { InsertOf } from './tables.ts';

const CONVERSATION = purpose('conversation');
const MESSAGE = purpose('message');

const SHARE_OF_SESSIONS = 0.043;
const MODELS = chooser<string>([['llama3.2:3b', 26], ['llama3.1:8b', 22], ['mistral:7b', 16], ['qwen2.5:14b', 12], ['gemma2:9b', 10], ['phi4:14b', 8], ['deepseek-r1:8b', 6]]);
const TOPICS = ['Summarise a report', 'Fix a failing build', 'Draft a reply', 'Plan a trip', 'Explain a regex', 'Translate a letter', 'Name a product', 'Review a contract', 'SQL for monthly totals', 'Recipe with what is left', 'Unit tests for a parser', 'Cover letter'] as const;
const QUESTIONS = ['Can you make this shorter?', 'Why does this fail?', 'Show me an example.', 'What would you change?', 'Write it in plain words, please.', 'And in a table?', 'Is that always true?', 'Thanks, one more question.'] as const;
const ANSWERS = ['Here is a shorter version.', 'The reason is the order of the two steps.', 'Sure, an example follows.', 'I would start with the second paragraph.', 'In plain words: it depends on the input.', 'Here it is as a table.', 'Not always; there is one exception.', 'Happy to help.'] as const;

export interface Conversation {
  readonly id: string;
  /** The token subject, as the host writes it; for accounts without one, `users.id` as text. */
  readonly ownerId: string;
  readonly title: string;
  readonly model: string;
  readonly createdAt: number;
  /** Oldest first; user and assistant take turns. */
  readonly messages: readonly { readonly key: Key; readonly at: number; readonly role: 'user' | 'assistant'; readonly content: string; readonly failed: boolean }[];
}

export const hasConversation = (session: Session): boolean => session.endsAt - session.startsAt > 90 * SECOND && fate(session.key, CONVERSATION) < SHARE_OF_SESSIONS;

/** The conversation of a session for which `hasConversation` is true. @param subject `users.jwt_id` of the person */
export function conversationOf(session: Session, subject: string | null): Conversation {
  const key = settled(derive(session.key, CONVERSATION, 1));
  const random = stream(key);
  const createdAt = session.startsAt + Math.floor((5 + 25 * random()) * SECOND);
  const room = session.endsAt - createdAt;
  const turns = Math.min(integer(random, 1, 5), Math.max(1, Math.floor(room / (30 * SECOND))));
  // One owner in ten was written by an older client, which sent the id of the row instead of the subject.
  const ownerId = subject === null || random() < 0.1 ? session.person.id : subject;
  const messages = Array.from({ length: turns * 2 }, (_, index) => {
    const asks = index % 2 === 0;
    const at = createdAt + Math.floor((room * Math.floor(index / 2)) / turns) + (asks ? 0 : Math.floor((2 + 18 * random()) * SECOND));
    return { key: derive(key, MESSAGE, index), at: Math.min(at, session.endsAt), role: asks ? ('user' as const) : ('assistant' as const), content: pick(random, asks ? QUESTIONS : ANSWERS), failed: !asks && random() < 0.015 };
  });
  return { id: uuidOf(key), ownerId, title: pick(random, TOPICS), model: MODELS(random), createdAt, messages };
}

/** @param at the moment of the row; `updated_at` is that of the last message before it */
export function conversationRow(conversation: Conversation, at: number): InsertOf<'conversations'> {
  const last = conversation.messages.findLast((message) => message.at <= at)?.at ?? conversation.createdAt;
  const { id, ownerId, title, model, createdAt } = conversation;
  return { id, user_id: ownerId, title, model, created_at: iso(createdAt), updated_at: iso(last), metadata: '{}' };
}

/** Messages sent after `from` and up to `to`. */
export function messageRows(conversation: Conversation, from: number, to: number): InsertOf<'messages'>[] {
  return conversation.messages
    .filter((message) => message.at > from && message.at <= to)
    .map((message) => ({
      id: uuidOf(message.key), conversation_id: conversation.id, role: message.role, content: message.content, model: conversation.model,
      status: message.failed ? 'error' : 'sent', timestamp: iso(message.at),
    }));
}
