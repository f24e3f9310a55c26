// Annotation frames → the marks to draw. Field names are those of Grafana's annotation frames.
import type { DataFrame } from '@grafana/data';

export interface Annotation {
  /** Epoch milliseconds. */
  readonly from: number;
  /** Same as `from` for a moment. */
  readonly to: number;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly who: string;
  /** A colour name or value; empty for the default. */
  readonly color: string;
}

export function toAnnotations(frames: readonly DataFrame[]): readonly Annotation[] {
  return frames.flatMap((frame) => {
    const column = (name: string): unknown[] => frame.fields.find((field) => field.name === name)?.values ?? [];
    const [time, timeEnd, isRegion, title, text, tags, login, color] = [
      'time',
      'timeEnd',
      'isRegion',
      'title',
      'text',
      'tags',
      'login',
      'color',
    ].map(column);
    return Array.from({ length: frame.length }, (_, row): Annotation => {
      const from = Number(time?.[row]);
      const end = Number(timeEnd?.[row] ?? from);
      const region = isRegion?.[row] !== false && end > from;
      return {
        from,
        to: region ? end : from,
        title: toText(title?.[row]),
        text: toText(text?.[row]),
        tags: toTags(tags?.[row]),
        who: toText(login?.[row]),
        color: toText(color?.[row]),
      };
    }).filter(({ from }) => Number.isFinite(from));
  });
}

const toText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const toTags = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value.map(String) : toText(value).split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
