// A countdown moves every second for the eye and keeps quiet for the ear.
import { act, render, screen } from '@testing-library/react';
import '@testing-library/jest-dom';
import { clockText, Countdown } from './Countdown.tsx';

const START = Date.parse('2026-11-22T12:00:00.000Z');

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

test.each([
  [3_729_000, '1:02:09'],
  [1_745_000, '29:05'],
  [6_001, '0:07'],
  [0, '0:00'],
  [-5_000, '0:00'],
])('%i ms is %s', (milliseconds, text) => {
  expect(clockText(milliseconds)).toBe(text);
});

test('counts down without announcing itself, and says once that it is over', () => {
  const onOver = jest.fn();
  render(<Countdown seconds={3} label="Time left" over="ended" onOver={onOver} />);
  const timer = screen.getByRole('timer', { name: 'Time left' });
  expect(timer).toHaveAttribute('aria-live', 'off');
  expect(timer).toHaveTextContent('0:03');
  act(() => jest.advanceTimersByTime(2000));
  expect(timer).toHaveTextContent('0:01');
  expect(onOver).not.toHaveBeenCalled();
  act(() => jest.advanceTimersByTime(60_000));
  expect(timer).toHaveTextContent('ended');
  expect(onOver).toHaveBeenCalledTimes(1);
});

test('starts again with the next answer of the server', () => {
  const { rerender } = render(<Countdown seconds={1} label="Time left" over="ended" />);
  act(() => jest.advanceTimersByTime(2000));
  expect(screen.getByRole('timer')).toHaveTextContent('ended');
  rerender(<Countdown seconds={60} label="Time left" over="ended" />);
  act(() => jest.advanceTimersByTime(1000));
  expect(screen.getByRole('timer')).toHaveTextContent('0:59');
});
