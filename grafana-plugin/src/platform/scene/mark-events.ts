// Marks of admin actions as annotation events. Actions that would be drawn close to each other become one event that
// names them all, so that a busy month stays readable and clickable. What lasted visibly keeps its length and stands alone.
import type { AnnotationEvent } from '@grafana/data';
import type { Mark } from '@admin-center/contracts/audit';

/** Marks within one of so many equal parts of the time range are drawn as one. */
const SLOTS = 24;
const MAX_NAMED = 8;

export interface MillisecondRange {
  readonly from: number;
  readonly to: number;
}

const length = ({ at, endedAt }: Pick<Mark, 'at' | 'endedAt'>): number => (endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(at));

const single = ({ id, at, endedAt, title, text, tags }: Mark, color: string): AnnotationEvent => ({
  id,
  time: Date.parse(at),
  timeEnd: Date.parse(endedAt ?? at),
  isRegion: length({ at, endedAt }) > 0,
  title,
  text,
  tags,
  color,
  type: 'admin',
});

function several(marks: readonly Mark[], color: string): AnnotationEvent {
  const first = Date.parse(marks[0]?.at ?? '');
  const named = marks.slice(0, MAX_NAMED).map(({ title, text }) => `${title}: ${text}`);
  const rest = marks.length - named.length;
  return {
    id: marks.map(({ id }) => id).join(','),
    time: first,
    timeEnd: first,
    isRegion: false,
    title: `${marks.length} admin actions: ${[...new Set(marks.map(({ title }) => title))].join(', ')}`,
    text: [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
    tags: [...new Set(marks.flatMap(({ tags }) => tags))],
    color,
    type: 'admin',
  };
}

export function markEvents(marks: readonly Mark[], { from, to }: MillisecondRange, color: string): AnnotationEvent[] {
  const width = Math.max(1, (to - from) / SLOTS);
  const slots = new Map<number, Mark[]>();
  const stands = (mark: Mark): boolean => length(mark) > width;
  for (const mark of marks.filter((each) => !stands(each))) {
    const slot = Math.floor((Date.parse(mark.at) - from) / width);
    slots.set(slot, [...(slots.get(slot) ?? []), mark]);
  }
  const instants = [...slots.values()].map((together) => (together.length === 1 && together[0] ? single(together[0], color) : several(together, color)));
  return [...instants, ...marks.filter(stands).map((mark) => single(mark, color))];
}
