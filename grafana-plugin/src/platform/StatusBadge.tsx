// A state or result as a word in its colour, for the codes that payments, subscriptions and audit entries use.
import { Badge, type BadgeColor } from '@grafana/ui';
import { words } from './format.ts';

const COLORS: Readonly<Record<string, BadgeColor>> = {
  active: 'green',
  succeeded: 'green',
  success: 'green',
  up: 'green',
  approved: 'green',
  trialing: 'blue',
  pending: 'blue',
  waiting: 'blue',
  expiring: 'blue',
  past_due: 'orange',
  refunded: 'orange',
  partially_refunded: 'orange',
  denied: 'orange',
  rejected: 'orange',
  disputed: 'red',
  failed: 'red',
  down: 'red',
};

export const StatusBadge = ({ status }: { status: string }) => <Badge text={words(status)} color={COLORS[status] ?? 'darkgrey'} />;
