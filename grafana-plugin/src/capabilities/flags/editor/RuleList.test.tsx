// A list of rules without a mouse: moving, removing, where the focus goes, and what is said.
import { useState } from 'react';
import { screen } from '@testing-library/react';
import { createBackend } from '../../../../test/backend.ts';
import { render } from '../../../../test/render.tsx';
import { RuleList } from './RuleList.tsx';

function Rules() {
  const [items, setItems] = useState([{ id: 'beta' }, { id: 'staff' }, { id: 'germany' }]);
  return (
    <RuleList label="Segments" items={items} name={({ id }) => id} onChange={setItems}>
      {({ id }) => <input aria-label={`Field of ${id}`} />}
    </RuleList>
  );
}

const order = () => screen.getAllByRole('textbox').map((field) => field.getAttribute('aria-label')?.replace('Field of ', ''));
const start = () => render(createBackend(), <Rules />);

test('moving down with the button keeps the focus on it, so that one can go on', async () => {
  const { user } = start();
  screen.getByRole('button', { name: 'Move beta down' }).focus();
  await user.keyboard('{Enter}');
  expect(order()).toEqual(['staff', 'beta', 'germany']);
  expect(screen.getByRole('button', { name: 'Move beta down' })).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(order()).toEqual(['staff', 'germany', 'beta']);
  // At the end there is nowhere to go on to; the focus does not get lost.
  expect(screen.getByRole('button', { name: 'Move beta down' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Move beta up' })).toHaveFocus();
});

test('Alt and the arrow keys move a rule from anywhere in it', async () => {
  const { user } = start();
  await user.click(screen.getByLabelText('Field of germany'));
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(order()).toEqual(['beta', 'germany', 'staff']);
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(order()).toEqual(['germany', 'beta', 'staff']);
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(order()).toEqual(['germany', 'beta', 'staff']);
});

test('says where a rule went, and that one is gone', async () => {
  const { user } = start();
  await user.click(screen.getByRole('button', { name: 'Move staff up' }));
  expect(screen.getByRole('status')).toHaveTextContent('staff is now 1 of 3.');
  await user.click(screen.getByRole('button', { name: 'Remove germany' }));
  expect(screen.getByRole('status')).toHaveTextContent('germany is removed.');
  expect(order()).toEqual(['staff', 'beta']);
});
