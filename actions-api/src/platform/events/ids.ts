// Ids of what has none of ours: digests, so that the same message and the same visitor have the same id on every replica.
import { hash } from 'node:crypto';

/** A UUID of version 8 (RFC 9562); those of the host's users are of other versions. */
function digest(project: string, id: string): string {
  const hex = hash('sha256', `${project}\n${id}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Of a message: a sender's `messageId` is unique within its project. */
export const messageDigest = digest;

/** Of a visitor nobody knows yet: the person behind an `anonymousId`, or behind a `userId` the host has no user for. */
export const personDigest = digest;
