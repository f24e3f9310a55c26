// The one export of react-router-dom 5 used here. Its published types would pull in those of react-router 6, which is installed beside it.
import type { History } from 'history';
import type { JSX, ReactNode } from 'react';

export function Router(props: { history: History; children: ReactNode }): JSX.Element;
