// The card of an experiment: what it says, what it hides, and what a reader can open.
import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { conversion } from '@admin-center/contracts/conversion';
import { createBackend, Refusal } from '../../../../test/backend.ts';
import { EXPERIMENT, FIXED } from '../../../../test/experiment-fixtures.ts';
import { render } from '../../../../test/render.tsx';
import { ExperimentCard } from './ExperimentCard.tsx';
import { ExperimentsTable } from './ExperimentsTable.tsx';
import { scaleOf } from './scale.ts';

const { endpoints } = conversion;

function show(result = EXPERIMENT) {
  const backend = createBackend();
  backend.on(endpoints.experiment, () => result);
  render(backend, <ExperimentCard flag="checkout-layout" />);
  return backend;
}

test('verdict, facts and effects; CUPED on and off', async () => {
  show();
  expect(await screen.findByText(EXPERIMENT.verdict.text)).toBeInTheDocument();
  expect(screen.getByText('4,000 of 10,000 planned, 5,000 a variant')).toBeInTheDocument();
  expect(screen.getByText('takes 35.0% of the variance away')).toBeInTheDocument();
  expect(screen.getByRole('listitem', { name: 'short: +70.0% (+41.0% to +99.0%)' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('switch', { name: /CUPED/ }));
  expect(screen.getByRole('listitem', { name: 'short: +70.0% (+31.0% to +109.0%)' })).toBeInTheDocument();
});

test('before its size the fixed mode shows neither interval nor p-value', async () => {
  show(FIXED);
  expect(await screen.findByText(FIXED.verdict.text)).toBeInTheDocument();
  expect(screen.getByRole('listitem', { name: 'short: +70.0%' })).toBeInTheDocument();
  expect(within(screen.getByRole('table', { name: 'Variants' })).getAllByText('hidden')).toHaveLength(2);
  expect(screen.getByText(/hidden until each variant has 5,000 users/)).toBeInTheDocument();
  expect(screen.getByText('in about 7 days')).toBeInTheDocument();
});

test('a guardrail without a ramp since the start tells what it said before', async () => {
  show();
  expect(await screen.findByText('errors: not evaluated, ok in the ramp before the start')).toBeInTheDocument();
});

test('the days are walked with the arrow keys', async () => {
  show();
  const chart = await screen.findByRole('slider', { name: /day by day/ });
  expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('2026-11-03'));
  fireEvent.keyDown(chart, { key: 'ArrowLeft' });
  expect(chart).toHaveAttribute('aria-valuetext', '2026-11-02: +7.00 pp (+2.50 pp to +11.50 pp), 2,400 users');
});

test('users behind a variant are asked for with its run', async () => {
  const backend = show();
  backend.on(endpoints.experimentUsers, () => ({ items: [], nextCursor: null }));
  await userEvent.click(await screen.findByRole('button', { name: 'Users of short' }));
  expect(await screen.findByText('Users exposed to short')).toBeInTheDocument();
  expect(await screen.findByText('Nobody')).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/users'))?.query).toMatchObject({ variant: 'short', run: '2' });
});

test('an experiment that cannot be loaded says so', async () => {
  const backend = createBackend();
  backend.on(endpoints.experiment, () => {
    throw new Refusal(502);
  });
  render(backend, <ExperimentCard flag="checkout-layout" />);
  expect(await screen.findByText('Could not load the experiment')).toBeInTheDocument();
});

test('the list links to each and says its verdict in words', async () => {
  render(createBackend(), <ExperimentsTable experiments={[EXPERIMENT]} busy={false} />);
  expect(await screen.findByRole('link', { name: 'Checkout layout' })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/conversion?tab=experiments&experiment=checkout-layout');
  expect(screen.getByText(EXPERIMENT.verdict.text)).toBeInTheDocument();
});

test('an axis always has 0 and round ends', () => {
  expect(scaleOf([0.31, 1.09])).toMatchObject({ low: 0, high: 1.25 });
  expect(scaleOf([-0.02, 0.12]).ticks.some((tick) => Math.abs(tick) < 1e-12)).toBe(true);
  expect(scaleOf([]).at(0)).toBe(0);
});
