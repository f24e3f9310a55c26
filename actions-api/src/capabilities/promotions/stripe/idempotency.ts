// Idempotency keys of what is sent to Stripe: the same push of the same version has the same key, whoever makes it.
import type { Claimed } from './queue.ts';

export const keyOf = ({ object_id, wanted_version, round }: Claimed, step: string): string => `admin-center:${object_id}:${wanted_version}:${round}:${step}`;
