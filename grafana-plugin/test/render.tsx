// The one way tests render: signed in as somebody, at an address, over a fresh backend.
import type { ReactNode } from 'react';
import { render as renderTree } from '@testing-library/react';
import '@testing-library/jest-dom';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router-dom';
import { core, type Me } from '@admin-center/contracts/core';
import { forgetMe, MeProvider } from '../src/platform/me.tsx';
import type { Backend } from './backend.ts';
import { ADA } from './people.ts';

interface Options {
  /** Who is signed in; a function may refuse to say. */
  readonly as?: Me | (() => Me);
  readonly at?: string;
}

/** @returns a keyboard and mouse beside what Testing Library returns */
export function render(backend: Backend, tree: ReactNode, { as = ADA, at = '/' }: Options = {}) {
  forgetMe();
  backend.on(core.endpoints.me, typeof as === 'function' ? as : () => as);
  const user = userEvent.setup();
  const view = renderTree(
    <MemoryRouter initialEntries={[at]} future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
      <MeProvider>{tree}</MeProvider>
    </MemoryRouter>
  );
  return { user, ...view };
}
