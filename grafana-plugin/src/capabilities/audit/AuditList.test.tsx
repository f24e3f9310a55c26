// The audit log's list: what it asks for, the entry in full, the export.
import { screen, within } from '@testing-library/react';
import { audit } from '@admin-center/contracts/audit';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { ENTRY } from '../../../test/fixtures.ts';
import { FIN } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { AuditList } from './AuditList.tsx';

const RANGE = { from: '2026-11-15T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z', chosen: 'now-7d now' };
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(audit.endpoints.list, () => ({ items: [ENTRY], nextCursor: null }));
});

test('asks for the filters of the URL within the time range', async () => {
  render(backend, <AuditList range={RANGE} />, { at: '/?action=users.suspend&outcome=denied&actor=ada&targetId=x' });
  await screen.findByRole('table', { name: 'Audit entries' });
  expect(backend.requests.find(({ url }) => url.includes('/v1/audit'))?.query).toEqual({ actor: 'ada', action: 'users.suspend', outcome: 'denied', targetId: 'x', from: RANGE.from, to: RANGE.to, limit: '25' });
});

test('an entry opens with who, why and what changed', async () => {
  const { user } = render(backend, <AuditList range={RANGE} />);
  await user.click(await screen.findByRole('button', { name: 'Open entry 41, users.suspend' }));
  const changes = await screen.findByRole('table', { name: 'Before and after' });
  expect(within(changes).getByRole('row', { name: 'state active suspended' })).toBeInTheDocument();
  expect(screen.getByText(ENTRY.hash)).toBeInTheDocument();
});

test('what an entry is about leads to its page where it has one', async () => {
  const entries = [ENTRY, { ...ENTRY, sequence: 42, target: { type: 'flag', id: 'new-tunnel-engine' } }, { ...ENTRY, sequence: 43, target: { type: 'coupon', id: '22c0f9ec-0000-4000-8000-000000000001' } }];
  backend.on(audit.endpoints.list, () => ({ items: entries, nextCursor: null }));
  render(backend, <AuditList range={RANGE} />);
  expect(await screen.findByRole('link', { name: 'Flag new-tunnel-engine' })).toHaveAttribute('href', expect.stringContaining('/flags/new-tunnel-engine'));
  expect(screen.getByRole('link', { name: `User ${ENTRY.target.id}` })).toBeInTheDocument();
  expect(screen.getByText('coupon 22c0f9ec')).toBeInTheDocument();
});

test('a link opens its entry', async () => {
  render(backend, <AuditList range={RANGE} />, { at: '/?entry=41' });
  expect(await screen.findByText('Entry 41: users.suspend')).toBeInTheDocument();
});

test('an export holds what the list shows, asks why, and is saved as a file', async () => {
  backend.on(audit.endpoints.export, () => 'sequence\n41\n');
  const saved: string[] = [];
  URL.createObjectURL = () => 'blob:csv';
  URL.revokeObjectURL = () => undefined;
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(`${this.download} ${this.href}`);
  });
  const { user } = render(backend, <AuditList range={RANGE} />, { at: '/?outcome=denied' });
  const button = async () => screen.findByRole('button', { name: 'Export CSV' });
  await screen.findByRole('table', { name: 'Audit entries' });
  await user.click(await button());
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'For the yearly audit.');
  await user.click(within(dialog).getByRole('button', { name: 'Export' }));
  await screen.findByRole('table', { name: 'Audit entries' });
  expect(saved).toEqual(['audit-2026-11-15-2026-11-22.csv blob:csv']);
  expect(backend.requests.find(({ method }) => method === 'POST')?.body).toEqual({ outcome: 'denied', from: RANGE.from, to: RANGE.to, reason: 'For the yearly audit.' });
});

test('finance reads the log but may not export it', async () => {
  const { user } = render(backend, <AuditList range={RANGE} />, { as: FIN });
  await screen.findByRole('table', { name: 'Audit entries' });
  await user.click(screen.getByRole('button', { name: 'Export CSV' }));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('nothing in the range says where entries come from', async () => {
  backend.on(audit.endpoints.list, () => ({ items: [], nextCursor: null }));
  render(backend, <AuditList range={RANGE} />);
  expect(await screen.findByText('No admin did anything in this time range')).toBeInTheDocument();
});
