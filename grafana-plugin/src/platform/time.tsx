// Instants as people read them: "3 minutes ago", with the full date in the reader's time zone one hover (or focus) away.
import { dateTimeFormat, dateTimeFormatTimeAgo, getTimeZone, getTimeZoneInfo } from '@grafana/data';
import { Tooltip } from '@grafana/ui';

/** Asked by its name, as Grafana guesses another of the same offset for that of a browser: GMT for UTC. */
function zoneAt(instant: string): string {
  const zone = getTimeZone();
  return getTimeZoneInfo(zone === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone, Date.parse(instant))?.abbreviation ?? '';
}

/** In the reader's time zone, which it names: "2026-11-29 09:20:00 UTC". */
export const formatInstant = (instant: string): string => `${dateTimeFormat(instant)} ${zoneAt(instant)}`.trim();

export function Ago({ at, never = 'never' }: { at: string | null; never?: string }) {
  if (at === null) {
    return <>{never}</>;
  }
  return (
    <Tooltip content={formatInstant(at)}>
      <time dateTime={at}>
        {dateTimeFormatTimeAgo(at)}
      </time>
    </Tooltip>
  );
}

const DAY_MS = 86_400_000;
/** ISO instant so many days before `now` (milliseconds). */
export const daysBefore = (now: number, days: number): string => new Date(now - days * DAY_MS).toISOString();
