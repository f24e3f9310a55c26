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

/** A value from outside (a link, "Clear") takes over what was typed. */
export function SearchInput({ label, placeholder, width, value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const notify = useRef(onChange);

  useEffect(() => {
    notify.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);

  useEffect(() => {
    if (typed === sent.current) {
      return;
    }
    const timer = setTimeout(() => {
      sent.current = typed;
      notify.current(typed);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return <FilterInput aria-label={label} placeholder={placeholder} width={width} value={typed} onChange={setTyped} />;
}
