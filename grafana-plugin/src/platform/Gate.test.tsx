// What each role is shown: the content, or which role it takes.
import { screen } from '@testing-library/react';
import { core } from '@admin-center/contracts/core';
import { createBackend, problem, Refusal } from '../../test/backend.ts';
import { ADA, FIN, SAM, VIC } from '../../test/people.ts';
import { render } from '../../test/render.tsx';
import { Gate } from './Gate.tsx';

const revenue = (
  <Gate permission="subscriptions:read" what="Revenue">
    <p>the money</p>
  </Gate>
);

test.each([['a super admin', ADA], ['a finance admin', FIN]])('%s sees it', async (_, person) => {
  render(createBackend(), revenue, { as: person });
  expect(await screen.findByText('the money')).toBeInTheDocument();
});

test('a support admin is told which role it takes, and never sees it', async () => {
  render(createBackend(), revenue, { as: SAM });
  expect(screen.getByRole('status')).toHaveTextContent('Loading your permissions');
  expect(await screen.findByRole('heading', { name: 'Revenue is not part of your role' })).toBeInTheDocument();
  expect(screen.getByText(/needs the role super admin or finance admin\. You are support admin/)).toBeInTheDocument();
  expect(screen.queryByText('the money')).not.toBeInTheDocument();
});

test('somebody without a role is told so kindly', async () => {
  render(createBackend(), revenue, { as: VIC });
  expect(await screen.findByText(/You have no admin role\. A super admin can grant it/)).toBeInTheDocument();
});

test('without a permission to check everybody is let in', async () => {
  render(
    createBackend(),
    <Gate permission={null} what="Anything">
      <p>open</p>
    </Gate>,
    { as: VIC }
  );
  expect(await screen.findByText('open')).toBeInTheDocument();
});

test('when the API does not answer nothing is shown but why, and trying again works', async () => {
  const backend = createBackend();
  const { user } = render(backend, revenue, {
    as: () => {
      throw new Refusal(502);
    },
  });
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Could not load your permissions');
  expect(alert).toHaveTextContent('The actions API does not answer');
  expect(screen.getByRole('link', { name: 'Open the configuration' })).toBeInTheDocument();
  backend.on(core.endpoints.me, () => ADA);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('the money')).toBeInTheDocument();
});

test('a refused identity says what the API said', async () => {
  const backend = createBackend();
  render(backend, revenue, {
    as: () => {
      throw problem(403, 'email_unverified', 'Grafana does not vouch for your e-mail address.');
    },
  });
  expect(await screen.findByText('Grafana does not vouch for your e-mail address.')).toBeInTheDocument();
});
