// Planning a change of a flag, and taking the plan back.
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { audit } from '@admin-center/contracts/audit';
import { createBackend, problem } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { DETAIL, PREVIEW } from '../../../test/flag-fixtures.ts';
import { ADA, FIN } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { PlannedChanges } from './PlannedChanges.tsx';

// A whole editor in jsdom takes its time, more so beside other work.
jest.setTimeout(90_000);

const { plan, previewPlan, cancelPlanned } = flags.endpoints;
const ID = '44444444-4444-4444-8444-444444444444';
const PLANNED: FlagDetail = {
  ...DETAIL,
  planned: [{ id: ID, at: '2026-11-30T08:00:00.000Z', effect: { kind: 'percentage', percentage: 50 }, reason: 'After the weekend', by: { name: 'ada@acme.example', kind: 'admin' }, createdAt: '2026-11-22T08:00:00.000Z', state: 'planned', note: null }],
};
/** At once, since each typed letter draws the drawer anew. */
const set = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

/** A button is greyed until it is known who is signed in, and drawn anew then. */
async function allowed(name: RegExp): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'false'), { timeout: 10_000 });
  return screen.getByRole('button', { name });
}
const written = () => ({ flag: DETAIL, auditSequence: 8, message: 'Planned.' });

const planned = ({ requests }: ReturnType<typeof createBackend>) => requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/planned'));

/** The form with a reason, and the rollout to be set to 50%; a time is missing. */
async function openForm(backend: ReturnType<typeof createBackend>) {
  const onChanged = jest.fn();
  const { user } = render(backend, <PlannedChanges flag={DETAIL} onChanged={onChanged} />, { as: ADA });
  await user.click(await allowed(/^Plan a change$/));
  const drawer = within(await screen.findByRole('dialog'));
  await user.click(drawer.getByRole('radio', { name: 'Set the rollout' }));
  set(drawer.getByLabelText('Percentage of the rollout'), '50');
  await fill(user, drawer.getByLabelText(/Reason/), 'After the weekend');
  return { user, drawer, onChanged };
}

test('a change is planned with its time, effect and reason, and whom it touches is shown before; nothing is sent without a time', async () => {
  const backend = createBackend();
  backend.on(plan, written);
  backend.on(previewPlan, () => PREVIEW);
  const { user, drawer, onChanged } = await openForm(backend);
  await user.click(drawer.getByRole('button', { name: 'Plan change' }));
  expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
  set(drawer.getByLabelText(/When/), '2026-11-30T08:00');
  expect(await drawer.findByLabelText('What this touches')).toBeInTheDocument();
  expect(planned(backend)).toHaveLength(0);
  await user.click(drawer.getByRole('button', { name: 'Plan change' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalled());
  const body = { at: '2026-11-30T08:00:00.000Z', effect: { kind: 'percentage', percentage: 50 } };
  expect(backend.requests.find(({ url }) => url.endsWith('/planned/preview'))?.body).toEqual(body);
  expect(planned(backend).map((request) => request.body)).toEqual([{ ...body, reason: 'After the weekend', previewToken: PREVIEW.token }]);
});

test('a percentage finer than buckets can show is refused by the form', async () => {
  const backend = createBackend();
  const { user, drawer } = await openForm(backend);
  set(drawer.getByLabelText(/When/), '2026-11-30T08:00');
  set(drawer.getByLabelText('Percentage of the rollout'), '50.00005');
  await user.click(drawer.getByRole('button', { name: 'Plan change' }));
  expect(await drawer.findByText('At most three decimals.')).toBeInTheDocument();
  expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
});

test('a plan that touches many asks for the approval of another admin', async () => {
  const backend = createBackend();
  backend.on(previewPlan, () => ({ ...PREVIEW, approval: 'needed' as const }));
  backend.on(audit.endpoints.approvals, () => ({ items: [], nextCursor: null }));
  backend.on(plan, () => {
    throw problem(409, 'approval_needed', 'This takes the approval of another admin.', { ticket: 'ticket-1' });
  });
  const asked = jest.fn();
  backend.on(audit.endpoints.askApproval, ({ body }) => {
    asked(body);
    throw problem(409, 'already_asked', 'It was asked for already.');
  });
  const { user, drawer } = await openForm(backend);
  set(drawer.getByLabelText(/When/), '2026-11-30T08:00');
  await user.click(await drawer.findByRole('button', { name: 'Ask for approval' }, { timeout: 5_000 }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith({ ticket: 'ticket-1', reason: 'After the weekend' }));
});

test('a plan says what, when and why, and can be cancelled', async () => {
  const backend = createBackend();
  backend.on(cancelPlanned, written);
  const onChanged = jest.fn();
  const { user } = render(backend, <PlannedChanges flag={PLANNED} onChanged={onChanged} />, { as: ADA });
  expect(screen.getByText(/set the rollout to 50%/)).toBeInTheDocument();
  expect(screen.getByText('ada@acme.example; After the weekend')).toBeInTheDocument();
  await user.click(await allowed(/^Cancel the change planned for/));
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'The weekend is longer');
  await user.click(within(dialog).getByRole('button', { name: 'Cancel the change' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalled());
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ params: { key: DETAIL.key, plannedId: ID }, body: { reason: 'The weekend is longer' } });
});

test('who may not write sees the plans but no way to change them', async () => {
  const backend = createBackend();
  render(backend, <PlannedChanges flag={PLANNED} onChanged={jest.fn()} />, { as: FIN });
  expect(await screen.findByRole('button', { name: 'Plan a change' })).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByRole('button', { name: /^Cancel the change/ })).toHaveAttribute('aria-disabled', 'true');
});
