// An address of the app that leads nowhere.
import { LinkButton } from '@grafana/ui';
import { Empty } from '../../platform/states.tsx';
import { pageUrl } from '../../routes.ts';

export const NoSuchPage = () => (
  <Empty title="There is no such page" actions={<LinkButton href={pageUrl('overview')}>Go to the Overview</LinkButton>}>
    The link is old or was mistyped.
  </Empty>
);
