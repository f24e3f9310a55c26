// One stop of the tab key for a chart or a grid, the arrow keys within it, Enter to open: as spreadsheets do it.
import { useState, type KeyboardEvent } from 'react';

/** Which way each key goes, in columns and rows. */
const MOVES: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface Roving {
  readonly tabIndex: (column: number, row?: number) => 0 | -1;
  /** For the element around; each item carries `data-cell="column,row"`. */
  readonly onKeyDown: (event: KeyboardEvent<Element>) => void;
  readonly onFocus: (column: number, row?: number) => void;
}

export function useRoving(): Roving {
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  return {
    tabIndex: (column, row = 0) => (at[0] === column && at[1] === row ? 0 : -1),
    onFocus: (column, row = 0) => setAt([column, row]),
    onKeyDown: (event) => {
      const move = MOVES[event.key];
      if (move === undefined) {
        return;
      }
      const next: readonly [number, number] = [at[0] + move[0], at[1] + move[1]];
      const target = event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next[0]},${next[1]}"]`);
      if (target !== null) {
        event.preventDefault();
        setAt(next);
        target.focus();
      }
    },
  };
}

/** A shape of a drawing is pressed like a button. */
export const pressed = (open: () => void) => (event: KeyboardEvent<Element>) => {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    open();
  }
};
