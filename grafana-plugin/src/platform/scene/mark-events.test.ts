// Marks on the graphs: one each while they can be told apart, one for several when they cannot.
import type { Mark } from '@admin-center/contracts/audit';
import { markEvents } from './mark-events.ts';

const range = { from: Date.parse('2026-11-01T00:00:00Z'), to: Date.parse('2026-11-06T00:00:00Z') };
const mark = (id: string, at: string, more: Partial<Mark> = {}): Mark => ({ id, at, endedAt: null, title: 'users.suspend', text: `by ada, ${id}`, tags: ['admin', 'users.suspend'], auditSequence: 1, ...more });

test('a mark far from the others keeps its words', () => {
  expect(markEvents([mark('1', '2026-11-02T10:00:00Z')], range, '#f80')).toEqual([
    expect.objectContaining({ id: '1', time: Date.parse('2026-11-02T10:00:00Z'), isRegion: false, title: 'users.suspend', text: 'by ada, 1', color: '#f80' }),
  ]);
});

test('something that lasted is a region', () => {
  expect(markEvents([mark('1', '2026-11-02T10:00:00Z', { endedAt: '2026-11-02T12:00:00Z' })], range, '')[0]).toMatchObject({ isRegion: true, timeEnd: Date.parse('2026-11-02T12:00:00Z') });
});

test('marks of the same moment become one that names them', () => {
  const together = Array.from({ length: 10 }, (_, index) => mark(String(index), `2026-11-02T10:0${index}:00Z`));
  const [event, ...others] = markEvents(together, range, '');
  expect(others).toEqual([]);
  expect(event).toMatchObject({ title: '10 admin actions: users.suspend', time: Date.parse('2026-11-02T10:00:00Z'), tags: ['admin', 'users.suspend'] });
  expect(event?.text?.split('\n')).toHaveLength(9);
  expect(event?.text).toContain('and 2 more');
});

test('zooming in takes them apart again', () => {
  const marks = [mark('1', '2026-11-02T10:00:00Z'), mark('2', '2026-11-02T10:05:00Z')];
  expect(markEvents(marks, range, '')).toHaveLength(1);
  expect(markEvents(marks, { from: Date.parse('2026-11-02T09:00:00Z'), to: Date.parse('2026-11-02T11:00:00Z') }, '')).toHaveLength(2);
});

test('what lasted visibly stays a region of its own, however much else happened when it began', () => {
  const at = '2026-11-02T10:00:00Z';
  const events = markEvents([mark('6', at), mark('7', at, { endedAt: '2026-11-02T18:00:00Z' }), mark('8', at)], range, '');
  expect(events.filter(({ isRegion }) => isRegion)).toMatchObject([{ id: '7', time: Date.parse(at), timeEnd: Date.parse('2026-11-02T18:00:00Z') }]);
  expect(events.filter(({ isRegion }) => !isRegion)).toMatchObject([{ id: '6,8' }]);
});

test('what lasted too short to be seen goes with what is beside it, and is a region where it stands alone', () => {
  const short = mark('7', '2026-11-02T10:00:00Z', { endedAt: '2026-11-02T10:10:00Z' });
  expect(markEvents([short, mark('8', '2026-11-02T10:05:00Z')], range, '')).toMatchObject([{ id: '7,8', isRegion: false }]);
  expect(markEvents([short], range, '')).toMatchObject([{ id: '7', isRegion: true }]);
});
