// A search field: typing is shown at once and searched for when it pauses.
import { useEffect, useRef, useState } from 'react';
import { FilterInput } from '@grafana/ui';

const DELAY_MS = 250;

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly width: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A value from outside (a link, "Clear filters") takes over what was typed; the echo of what was sent does not. */
export function SearchInput({ label, placeholder, width, value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== sent) {
      setSent(value);
      setTyped(value);
    }
  }

  const notify = useRef(onChange);
  useEffect(() => {
    notify.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (typed === sent) {
      return;
    }
    const timer = setTimeout(() => {
      setSent(typed);
      notify.current(typed);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed, sent]);

  return <FilterInput aria-label={label} placeholder={placeholder} width={width} value={typed} onChange={setTyped} />;
}
