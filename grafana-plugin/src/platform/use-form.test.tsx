// Forms over a schema: what is wrong is said when it is time to, and nothing wrong is sent.
import { act, renderHook } from '@testing-library/react';
import { z } from 'zod';
import { useForm } from './use-form.ts';

const schema = z.object({ name: z.string().min(3, 'At least 3 letters.'), limit: z.number({ error: 'A number.' }).int().min(1, 'At least 1.').nullable(), nested: z.object({ amount: z.number().min(1, 'More than nothing.') }) });
const initial = { name: '', limit: '', amount: '5' };
const toInput = ({ name, limit, amount }: typeof initial) => ({ name, limit: limit === '' ? null : Number(limit), nested: { amount: Number(amount) } });
const start = () => renderHook(() => useForm(schema, initial, toInput));

test('an untouched field is not complained about; a touched one at once', () => {
  const { result } = start();
  expect(result.current.error('name')).toBeUndefined();
  act(() => result.current.set({ name: 'ab' }));
  expect(result.current.error('name')).toBe('At least 3 letters.');
  act(() => result.current.set({ name: 'abc' }));
  expect(result.current.error('name')).toBeUndefined();
  expect(result.current.output).toEqual({ name: 'abc', limit: null, nested: { amount: 5 } });
});

test('trying to send shows everything that is wrong', () => {
  const { result } = start();
  act(() => result.current.set({ limit: '0' }));
  let sent: unknown = 'not asked';
  act(() => {
    sent = result.current.check();
  });
  expect(sent).toBeUndefined();
  expect(result.current.error('name')).toBe('At least 3 letters.');
  expect(result.current.error('limit')).toBe('At least 1.');
});

test("the API's complaint stands beside its field until that is changed", () => {
  const { result } = start();
  act(() => result.current.set({ name: 'taken' }));
  act(() => result.current.refuse([{ path: 'body.name', message: 'There is one of that name.' }]));
  expect(result.current.error('name')).toBe('There is one of that name.');
  expect(result.current.error('limit')).toBeUndefined();
  act(() => result.current.set({ name: 'free' }));
  expect(result.current.error('name')).toBeUndefined();
});
