// Editing a flag: judged and previewed as one types, reviewed before it is saved, redone when somebody else was faster.
import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { users } from '@admin-center/contracts/users';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { MAYA } from '../../../test/fixtures.ts';
import { DETAIL, PREVIEW, ROLLOUT } from '../../../test/flag-fixtures.ts';
import { ADA, FIN } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { TargetingTab } from './TargetingTab.tsx';

// A whole editor in jsdom takes its time, more so beside other work.
jest.setTimeout(90_000);

const { list, preview, update, explain } = flags.endpoints;
let backend: Backend;
let number = 0;
/** Drafts are kept by key, so each test has a flag of its own. */
const newFlag = (): FlagDetail => ({ ...DETAIL, key: `flag-${(number += 1)}` });

beforeEach(() => {
  backend = createBackend();
  backend.on(list, () => ({ items: [], nextCursor: null, lifecycles: { new: 0, live: 0, stale: 0, killed: 0, archived: 0 } }));
  backend.on(preview, () => PREVIEW);
});

const asked = (end: string) => backend.requests.filter(({ url }) => url.endsWith(end));
const percentage = () => screen.getByLabelText('Percentage of the rollout');

async function review(user: UserEvent): Promise<HTMLElement> {
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('150 users: off → on');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Nothing broke at ten per cent');
  return dialog;
}

test('a change is previewed when typing pauses, reviewed, and saved from its version', async () => {
  const flag = newFlag();
  const reload = jest.fn();
  backend.on(update, () => ({ flag: { ...flag, version: 4 }, auditSequence: 9, message: 'Saved.' }));
  const { user } = render(backend, <TargetingTab flag={flag} reload={reload} />, { as: ADA });
  await waitFor(() => expect(percentage()).toBeEnabled());
  expect(screen.queryByRole('region', { name: 'Unsaved changes' })).not.toBeInTheDocument();
  await fill(user, percentage(), '25');
  await waitFor(() => expect(asked('/preview').pop()?.body).toEqual({ change: { kind: 'update', definition: { ...ROLLOUT, rollout: { percentage: 25, split: [{ variant: 'on', weight: 1 }] } } } }));
  const table = await screen.findByRole('table', { name: 'Who gets which variant' });
  expect(within(table).getByRole('row', { name: /^on/ })).toHaveTextContent('on25025%+150');
  expect(screen.getByText('150 users: off → on')).toBeInTheDocument();

  const dialog = await review(user);
  expect(within(dialog).getByRole('row', { name: /rollout/ })).toHaveTextContent('rollout10% get on25% get on');
  await user.click(within(dialog).getByRole('button', { name: 'Save flag' }));
  await waitFor(() => expect(reload).toHaveBeenCalled());
  const [write] = backend.requests.filter(({ method }) => method === 'PUT');
  expect(write?.body).toMatchObject({ version: 3, previewToken: 'token-1', reason: 'Nothing broke at ten per cent', definition: { rollout: { percentage: 25 } } });
  expect(screen.queryByRole('region', { name: 'Unsaved changes' })).not.toBeInTheDocument();
});

test('what is wrong is said beside its field, is not previewed, and cannot be saved', async () => {
  const { user } = render(backend, <TargetingTab flag={newFlag()} reload={jest.fn()} />, { as: ADA });
  await waitFor(() => expect(percentage()).toBeEnabled());
  await waitFor(() => expect(asked('/preview')).toHaveLength(1));
  // Stored rules are no change; what turning the flag off would leave tells what they do.
  expect(asked('/preview')[0]?.body).toEqual({ change: null });
  await fill(user, percentage(), '250');
  const section = screen.getByRole('region', { name: '4. Rollout' });
  expect(await within(section).findByRole('alert')).toHaveTextContent(/100/);
  const bar = screen.getByRole('region', { name: 'Unsaved changes' });
  expect(bar).toHaveTextContent('1 field to correct');
  expect(within(bar).getByRole('button', { name: 'Review and save' })).toBeDisabled();
  expect(JSON.stringify(asked('/preview').map(({ body }) => body))).not.toContain('250');
  await user.click(within(bar).getByRole('button', { name: 'Discard' }));
  expect(percentage()).toHaveValue('10');
});

test('what only the API can tell is wrong is said beside its field too', async () => {
  backend.on(preview, ({ body }) => {
    if (JSON.stringify(body).includes('"weight":0')) {
      throw problem(422, 'body_invalid', 'The weights do not hold.', { errors: [{ path: 'body.definition.rollout.split', message: 'One of the weights must be above 0.' }] });
    }
    return PREVIEW;
  });
  const { user } = render(backend, <TargetingTab flag={newFlag()} reload={jest.fn()} />, { as: ADA });
  await waitFor(() => expect(percentage()).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Split the rollout over several variants' }));
  await fill(user, screen.getByLabelText('Weight of on in the rollout'), '0');
  await fill(user, screen.getByLabelText('Weight of off in the rollout'), '0');
  const section = screen.getByRole('region', { name: '4. Rollout' });
  expect(await within(section).findByText('One of the weights must be above 0.')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Review and save' })).toBeDisabled();
});

test('a segment is added, described and put first by keyboard', async () => {
  const { user } = render(backend, <TargetingTab flag={newFlag()} reload={jest.fn()} />, { as: ADA });
  const add = await screen.findByRole('button', { name: 'Add a segment' });
  await waitFor(() => expect(add).toBeEnabled());
  add.focus();
  await user.keyboard('{Enter}{Enter}');
  const segments = screen.getByRole('list', { name: 'Segments' });
  expect(within(segments).getAllByRole('listitem')).toHaveLength(2);
  const attribute = screen.getByLabelText('Attribute of segment-2, condition 1');
  await fill(user, attribute, 'country');
  await user.keyboard('{Enter}');
  await fill(user, screen.getByLabelText('Values of segment-2, condition 1'), 'DE, FR');
  screen.getByRole('button', { name: 'Move segment-2 up' }).focus();
  await user.keyboard('{Enter}');
  expect(within(segments).getAllByRole('listitem')[0]).toHaveTextContent('segment-2');
  await user.click(screen.getByRole('button', { name: 'Remove segment-1' }));
  await waitFor(() =>
    expect(asked('/preview').pop()?.body).toMatchObject({ change: { definition: { segments: [{ id: 'segment-2', conditions: [{ attribute: 'country', operator: 'in', values: ['DE', 'FR'] }], serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } }] } } })
  );
});

test('when another admin saved first, their changes are shown and mine can be redone on top', async () => {
  const flag = newFlag();
  const theirs: FlagDetail = { ...flag, version: 4, updatedBy: { name: 'fin@acme.example', kind: 'admin' }, definition: { ...ROLLOUT, name: 'Fast upload' } };
  backend.on(update, ({ body }) => {
    if ((body as { version: number }).version === 3) {
      throw problem(409, 'version_stale', 'There is a newer version.', { current: theirs });
    }
    return { flag: { ...theirs, version: 5 }, auditSequence: 9, message: 'Saved.' };
  });
  const { user } = render(backend, <TargetingTab flag={flag} reload={jest.fn()} />, { as: ADA });
  await waitFor(() => expect(percentage()).toBeEnabled());
  await fill(user, percentage(), '25');
  const dialog = await review(user);
  await user.click(within(dialog).getByRole('button', { name: 'Save flag' }));
  expect(await screen.findByText('fin@acme.example saved version 4 while you were editing version 3')).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /^name/ })).toHaveTextContent('nameFaster uploadFast upload');
  expect(screen.getByRole('button', { name: 'Review and save' })).toBeDisabled();

  await user.click(screen.getByRole('button', { name: 'Redo my changes on top' }));
  expect(screen.getByLabelText(/^Name \*/)).toHaveValue('Fast upload');
  expect(percentage()).toHaveValue('25');
  const again = await review(user);
  await user.click(within(again).getByRole('button', { name: 'Save flag' }));
  await waitFor(() => expect(backend.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2));
  expect(backend.requests.filter(({ method }) => method === 'PUT')[1]?.body).toMatchObject({ version: 4, definition: { name: 'Fast upload', rollout: { percentage: 25 } } });
});

test('one user is explained by the rules in the editor', async () => {
  backend.on(users.endpoints.list, () => ({ items: [MAYA], nextCursor: null, total: 1, totalIsExact: true }));
  backend.on(explain, () => ({ value: true, variant: 'on', reason: 'SPLIT' as const, ruleId: 'rollout', context: {}, bucket: 1234, trace: [{ step: 'state', matched: false, text: 'The flag is on.' }, { step: 'rollout', matched: true, text: '10% serves buckets below 10000; this key is in 1234.' }] }));
  const { user } = render(backend, <TargetingTab flag={newFlag()} reload={jest.fn()} />, { as: ADA });
  await fill(user, await screen.findByLabelText('User to explain'), 'maya');
  await waitFor(() => expect(backend.requests.some(({ query }) => query.q === 'maya')).toBe(true));
  await user.keyboard('{ArrowDown}{Enter}');
  const rules = await screen.findByRole('list', { name: 'Rules in the order they were tried' });
  expect(within(rules).getAllByRole('listitem')[1]).toHaveTextContent('rollout 10% serves buckets below 10000; this key is in 1234.');
  expect(asked('/explain').pop()?.body).toMatchObject({ userId: MAYA.id, definition: ROLLOUT });
});

test('finance sees the rules but cannot change or preview them', async () => {
  render(backend, <TargetingTab flag={newFlag()} reload={jest.fn()} />, { as: FIN });
  expect(await screen.findByText('You may look, not change: needs the role super admin.')).toBeInTheDocument();
  expect(percentage()).toBeDisabled();
  expect(asked('/preview')).toHaveLength(0);
});
