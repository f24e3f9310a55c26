// How long something still lasts, counted down before one's eyes. Screen readers hear it when they come to it, not every
// second: a timer is a live region that is switched off.
import { css, cx } from '@emotion/css';
import { useEffect, useRef, useState } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

const SECOND_MS = 1000;
/** From here on the colour warns. */
const SOON_MS = 5 * 60 * SECOND_MS;

/** "1:02:09", "29:05", "0:07"; never below zero. */
export function clockText(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / SECOND_MS));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

interface Props {
  /** How much was left when the server answered; its clock counts, not this browser's. */
  readonly seconds: number;
  /** What runs out, for screen readers: "Time left of the session with maya@example.com". */
  readonly label: string;
  readonly over: string;
  readonly onOver?: () => void;
}

export function Countdown({ seconds, label, over, onOver }: Props) {
  const styles = useStyles2(getStyles);
  const [answered, setAnswered] = useState(seconds);
  const [left, setLeft] = useState(seconds * SECOND_MS);
  if (answered !== seconds) {
    setAnswered(seconds);
    setLeft(seconds * SECOND_MS);
  }
  const isOver = left <= 0;

  const notify = useRef(onOver);
  useEffect(() => {
    notify.current = onOver;
  }, [onOver]);

  useEffect(() => {
    const end = Date.now() + seconds * SECOND_MS;
    const timer = setInterval(() => {
      setLeft(end - Date.now());
      if (Date.now() >= end) {
        clearInterval(timer);
        notify.current?.();
      }
    }, SECOND_MS);
    return () => clearInterval(timer);
  }, [seconds]);

  return (
    <span role="timer" aria-live="off" aria-label={label} className={cx(styles.timer, left < SOON_MS && styles.soon)}>
      {isOver ? over : clockText(left)}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  timer: css({ fontVariantNumeric: 'tabular-nums', fontWeight: theme.typography.fontWeightMedium }),
  soon: css({ color: theme.colors.warning.text }),
});
