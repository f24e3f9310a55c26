// The map: what it says, how it is walked, and that every number has a shade of its own.
import { act, fireEvent, render, screen } from '@testing-library/react';
import { COUNTRIES } from '@admin-center/contracts/distribution-places';
import { countryName, drawWorld, populationOf } from './geography.ts';
import { logScale, perMillion } from './scale.ts';
import { WorldMap } from './WorldMap.tsx';

const VALUES = [{ code: 'US', users: 1000 }, { code: 'DE', users: 100 }, { code: 'SG', users: 10 }, { code: 'unknown', users: 500 }];

const show = (props: Partial<Parameters<typeof WorldMap>[0]> = {}) => render(<WorldMap values={VALUES} total={1610} perCapita={false} selected={null} {...props} />);

test('every country has a shape or a dot, and most their population', () => {
  const drawn = new Set(drawWorld().shapes.map(({ code }) => code));
  const missing = COUNTRIES.filter((code) => !drawn.has(code));
  // Islands that even the larger shapes leave out, or count to the country they belong to.
  expect(missing.length).toBeLessThan(20);
  expect(COUNTRIES.filter((code) => populationOf(code) === undefined).length).toBeLessThan(85);
  expect(populationOf('DE')).toBeGreaterThan(80e6);
  expect(countryName('DE')).toBe('Germany');
  expect(drawWorld().shapes.find(({ code }) => code === 'FR')?.path).toMatch(/^M/);
});

test('the scale is logarithmic and never darker than its darkest', () => {
  const { shadeOf, bounds } = logScale([1, 10, 1000, 1_000_000]);
  expect([0, 1, 10, 1000, 1_000_000].map(shadeOf)).toEqual([0, 1, 2, 4, 6]);
  expect(bounds.map(Math.round)).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
  expect(logScale([]).shadeOf(5)).toBe(0);
  expect(logScale([7]).bounds.map(Math.round)).toEqual([7]);
  expect(perMillion({ code: 'XX', users: 5 })).toBeUndefined();
});

test('one stop of the tab key; arrows walk by number, Enter chooses and takes back', () => {
  const onSelect = jest.fn();
  const { rerender } = show({ onSelect });
  const countries = screen.getAllByRole('button');
  expect(countries.filter((country) => country.getAttribute('tabindex') === '0')).toHaveLength(1);
  const states = screen.getByRole('button', { name: /^United States: 1,000 users, 62.1%/ });
  expect(states).toHaveAttribute('tabindex', '0');
  act(() => states.focus());
  fireEvent.keyDown(states, { key: 'ArrowRight' });
  const germany = screen.getByRole('button', { name: /^Germany/ });
  expect(germany).toHaveFocus();
  expect(screen.getByRole('status')).toHaveTextContent('Germany: 100 users, 6.2%, 1.20 per million inhabitants');
  fireEvent.keyDown(germany, { key: 'Enter' });
  expect(onSelect).toHaveBeenLastCalledWith('DE');
  rerender(<WorldMap values={VALUES} total={1610} perCapita={false} selected="DE" onSelect={onSelect} />);
  expect(germany).toHaveAttribute('aria-pressed', 'true');
  fireEvent.click(germany);
  expect(onSelect).toHaveBeenLastCalledWith(null);
  fireEvent.keyDown(germany, { key: 'End' });
  expect(screen.getByRole('button', { name: /^Singapore/ })).toHaveFocus();
});

test('per inhabitant, countries without a known population are not drawn as if nobody lived there', () => {
  show({ perCapita: true });
  expect(screen.queryByRole('button', { name: /^Singapore/ })).not.toBeInTheDocument();
  expect(screen.getByText('users per million inhabitants, logarithmic')).toBeInTheDocument();
});
