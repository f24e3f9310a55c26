// Versions of a flag: what each changed, and the way back.
import { screen, waitFor, within } from '@testing-library/react';
import { flags } from '@admin-center/contracts/flags';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { DETAIL, PREVIEW, ROLLOUT, version } from '../../../test/flag-fixtures.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { everyone } from './draft.ts';
import { HistoryTab } from './HistoryTab.tsx';

const { history, preview, revert } = flags.endpoints;
const GERMANY = { id: 'germany', description: '', conditions: [{ attribute: 'country', operator: 'in' as const, values: ['DE', 'AT'] }], serve: everyone('on') };

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(history, () => ({
    items: [
      version(3, ROLLOUT),
      version(2, { ...ROLLOUT, segments: [GERMANY] }, { state: 'off' }),
      version(1, ROLLOUT, { state: 'off', diff: [{ op: 'replace', path: '/rollout/percentage', from: 0, value: 10 }] }),
    ],
    nextCursor: 'older',
  }));
  backend.on(preview, () => PREVIEW);
});

test('each version says what it changed, in words', async () => {
  render(backend, <HistoryTab flag={DETAIL} reload={jest.fn()} />);
  const newest = await screen.findByRole('article', { name: 'Version 3' });
  expect(newest).toHaveTextContent('current');
  expect(newest).toHaveTextContent('ada@acme.example');
  expect(within(newest).getByRole('link', { name: /audit entry 103/ })).toBeInTheDocument();
  expect(within(newest).getByRole('row', { name: /^state/ })).toHaveTextContent('stateoffon');
  expect(within(newest).getByRole('row', { name: /segment.germany/ })).toHaveTextContent('country is DE or AT → on');
  const second = screen.getByRole('article', { name: 'Version 2' });
  expect(within(second).getByRole('row', { name: /segment.germany/ })).toHaveTextContent('segment.germany–country is DE or AT → on');
  // Nothing before it is at hand: the difference as it was stored.
  expect(within(screen.getByRole('article', { name: 'Version 1' })).getByRole('row', { name: /rollout.percentage/ })).toHaveTextContent('rollout.percentage010');
});

test('the first version says what the flag began as', async () => {
  backend.on(history, () => ({ items: [version(1, ROLLOUT, { change: 'create', state: 'off' })], nextCursor: null }));
  render(backend, <HistoryTab flag={DETAIL} reload={jest.fn()} />);
  const first = await screen.findByRole('article', { name: 'Version 1' });
  expect(within(first).getByRole('row', { name: /rollout/ })).toHaveTextContent('rollout–10% get on');
  expect(within(first).queryByRole('row', { name: /permanent/ })).not.toBeInTheDocument();
});

test('going back: what comes back, who is touched, and one write from the version that was shown', async () => {
  const reload = jest.fn();
  backend.on(revert, () => ({ flag: { ...DETAIL, version: 4 }, auditSequence: 10, message: 'Version 2 is back.' }));
  const { user } = render(backend, <HistoryTab flag={DETAIL} reload={reload} />, { as: ADA });
  const button = await screen.findByRole('button', { name: 'Revert to version 2' });
  await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'false'));
  expect(screen.queryByRole('button', { name: 'Revert to version 3' })).not.toBeInTheDocument();
  await user.click(button);
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('150 users: off → on')).toBeInTheDocument();
  expect(within(dialog).getByRole('row', { name: /segment.germany/ })).toBeInTheDocument();
  await fill(user, within(dialog).getByLabelText(/Reason/), 'The segment was right after all');
  await user.click(within(dialog).getByRole('button', { name: 'Revert flag' }));
  await waitFor(() => expect(reload).toHaveBeenCalled());
  expect(backend.requests.find(({ url }) => url.endsWith('/revert'))?.body).toEqual({ to: 2, version: 3, previewToken: 'token-1', reason: 'The segment was right after all' });
});

test('who may not write cannot go back', async () => {
  render(backend, <HistoryTab flag={DETAIL} reload={jest.fn()} />, { as: SAM });
  expect(await screen.findByRole('button', { name: 'Revert to version 2' })).toHaveAttribute('aria-disabled', 'true');
});
