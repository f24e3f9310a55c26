// What a host reports, checked row by row: one row that does not hold is refused and named, the others are taken.
import { z } from 'zod';

/** Whatever one row holds, it must not keep the others out of the database. */
const text = (longest: number) => z.string().min(1).max(longest).regex(/^[^\u0000-\u001f\u007f]+$/, 'No control characters.').refine((value) => value.isWellFormed(), 'No half characters.');
const count = z.number().int().min(1).max(10_000_000);
const route = text(200);
const method = z.string().regex(/^[A-Z]{3,10}$/);
const status = z.number().int().min(100).max(599);

export const envelope = z.object({
  messageId: z.guid(),
  sentAt: z.iso.datetime({ offset: true }),
  evaluations: z.array(z.unknown()).max(5_000).default([]),
  impersonated: z.array(z.unknown()).max(5_000).default([]),
  requests: z.array(z.unknown()).max(5_000).default([]),
});

const evaluation = z.strictObject({ flag: text(100), variant: text(100).nullable(), reason: text(40), count });
const impersonated = z.strictObject({
  sessionId: z.guid(), at: z.iso.datetime({ offset: true }), method, route, status,
  actionClass: text(40).nullable(), blocked: z.boolean(),
});
const requests = z.strictObject({ method, route, status, count, durationSeconds: z.number().min(0).max(10_000_000) });

export type ReportedEvaluation = z.output<typeof evaluation>;
export type ReportedImpersonated = z.output<typeof impersonated>;
export type ReportedRequests = z.output<typeof requests>;

export interface Rejection {
  /** Such as `evaluations.3`. */
  readonly path: string;
  readonly message: string;
}

export interface Report {
  readonly messageId: string;
  readonly evaluations: readonly ReportedEvaluation[];
  readonly impersonated: readonly ReportedImpersonated[];
  readonly requests: readonly ReportedRequests[];
  readonly rejected: readonly Rejection[];
}

export function readReport({ messageId, sentAt: _sentAt, ...lists }: z.output<typeof envelope>): Report {
  const rejected: Rejection[] = [];
  const rows = <T>(name: keyof typeof lists, schema: z.ZodType<T>): T[] =>
    lists[name].flatMap((row, index) => {
      const result = schema.safeParse(row);
      if (result.success) {
        return [result.data];
      }
      rejected.push({ path: `${name}.${index}`, message: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ').slice(0, 300) });
      return [];
    });
  return { messageId, evaluations: rows('evaluations', evaluation), impersonated: rows('impersonated', impersonated), requests: rows('requests', requests), rejected };
}
