// Planning a change of a flag, and taking the plan back.
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { createBackend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { DETAIL } from '../../../test/flag-fixtures.ts';
import { ADA, FIN } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { PlannedChanges } from './PlannedChanges.tsx';

// A whole editor in jsdom takes its time, more so beside other work.
jest.setTimeout(90_000);

const { plan, cancelPlanned } = flags.endpoints;
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

test('a change is planned with its time, effect and reason; nothing is sent without a time', async () => {
  const backend = createBackend();
  backend.on(plan, written);
  const onChanged = jest.fn();
  const { user } = render(backend, <PlannedChanges flag={DETAIL} onChanged={onChanged} />, { as: ADA });
  await user.click(await allowed(/^Plan a change$/));
  const drawer = await screen.findByRole('dialog');
  await user.click(within(drawer).getByRole('radio', { name: 'Set the rollout' }));
  set(within(drawer).getByLabelText('Percentage of the rollout'), '50');
  await fill(user, within(drawer).getByLabelText(/Reason/), 'After the weekend');
  await user.click(within(drawer).getByRole('button', { name: 'Plan change' }));
  expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
  set(within(drawer).getByLabelText(/When/), '2026-11-30T08:00');
  await user.click(within(drawer).getByRole('button', { name: 'Plan change' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalled());
  expect(backend.requests.find(({ method }) => method === 'POST')?.body).toEqual({ at: '2026-11-30T08:00:00.000Z', effect: { kind: 'percentage', percentage: 50 }, reason: 'After the weekend' });
});

test('a plan says what, when and why, and can be cancelled', async () => {
  const backend = createBackend();
  backend.on(cancelPlanned, written);
  const onChanged = jest.fn();
  const { user } = render(backend, <PlannedChanges flag={PLANNED} onChanged={onChanged} />, { as: ADA });
  expect(screen.getByText(/set the rollout to 50 %/)).toBeInTheDocument();
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
