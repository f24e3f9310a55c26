// The shape every capability declares itself in. Plain data and zod, no I/O: the exporter registers metrics from it,
// the API routes from it, the plugin's typed client calls through it, OpenAPI and the docs tables are generated from it.
import type { z } from 'zod';

/** Roles of the host's `admin_roles` table (DESIGN.md section 8). */
export const ROLES = ['super_admin', 'support_admin', 'finance_admin'] as const;
export type Role = (typeof ROLES)[number];

/** Subscription tiers; a user without a subscription row is `free`. */
export const TIERS = ['free', 'premium', 'enterprise'] as const;
export type Tier = (typeof TIERS)[number];

/** Label values: a closed list, or at most `max` configured keys with the rest folded into `other`. */
export type LabelValues = readonly string[] | { readonly max: number };

export interface MetricContract {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** A sentence; it becomes the HELP text and the docs table. Says the unit and, where there is one, the definition (D1…). */
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Which process serves it. */
  readonly source: 'exporter' | 'actions-api';
  /** Where open labels go together in fewer ways than their product: so many series at most, the rest `other`. */
  readonly maxSeries?: number;
  /** Upper bounds of the buckets in base units; histograms only. */
  readonly buckets?: readonly number[];
}

/** What a body may hold unless its endpoint says otherwise. */
export const BODY_BYTES = 64 * 1_024;

interface EndpointBase {
  readonly path: `/api/v1/${string}`;
  /** Null means: any verified identity, with or without an admin role. */
  readonly permission: string | null;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** What a 200 carries: a JSON schema, or `text/csv` as a stream. */
  readonly response: z.ZodType | 'text/csv';
  /** The answer of a write holds a secret, so it is not kept for a retry with the same Idempotency-Key, which is refused. */
  readonly answeredOnce?: true;
  /** Bytes of the largest body it takes, where `BODY_BYTES` are too few. */
  readonly bodyBytes?: number;
}

/**
 * A GET reads, and so does a POST that says so: its question does not fit into a URL. Everything else names the audit
 * action it is recorded as, or it does not compile. A reading POST that takes no more than a permission to read lives under
 * `/api/v1/<noun>/query/`: Grafana's proxy tells reads from writes by method and path alone.
 */
export type EndpointContract =
  | (EndpointBase & { readonly method: 'GET'; readonly reads?: never; readonly audit?: never })
  | (EndpointBase & { readonly method: 'POST'; readonly reads: true; readonly audit?: never })
  | (EndpointBase & { readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly reads?: never; readonly audit: string });

export const isRead = (contract: EndpointContract): boolean => contract.audit === undefined;

export interface Capability {
  readonly noun: string;
  readonly title: string;
  readonly permissions: Readonly<Record<string, { readonly description: string; readonly roles: readonly Role[] }>>;
  readonly metrics: readonly MetricContract[];
  readonly endpoints: Readonly<Record<string, EndpointContract>>;
  /** Audit actions of what the product does by itself, with no admin and no endpoint of theirs. */
  readonly systemActions?: readonly `${string}.${string}`[];
}

/** Keeps the literal types of a capability, so that its endpoints type the handlers and the client. */
export const defineCapability = <const C extends Capability>(capability: C): C => capability;

type Infer<S, Fallback> = S extends z.ZodType ? z.output<S> : Fallback;
type InferInput<S, Fallback> = S extends z.ZodType ? z.input<S> : Fallback;

/** What a handler receives after parsing. */
export type ParsedRequest<E extends EndpointContract> = {
  params: Infer<E['params'], Record<string, never>>;
  query: Infer<E['query'], Record<string, never>>;
  body: Infer<E['body'], undefined>;
};

/** What a client may send. */
export type ClientRequest<E extends EndpointContract> = {
  params?: InferInput<E['params'], never>;
  query?: InferInput<E['query'], never>;
  body?: InferInput<E['body'], never>;
};

export type ResponseOf<E extends EndpointContract> = E['response'] extends z.ZodType ? z.output<E['response']> : string;
