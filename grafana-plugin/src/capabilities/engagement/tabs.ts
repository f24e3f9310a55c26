// Which tab of the Engagement page is open, as the URL writes it.
import { oneOf } from '../../platform/url.ts';

export const TABS = ['retention', 'activity', 'lifecycle', 'features', 'sessions', 'at-risk', 'definition'] as const;
export type Tab = (typeof TABS)[number];

export const tabFromUrl = (search: string): Tab => oneOf(new URLSearchParams(search).get('tab'), TABS, 'retention');
