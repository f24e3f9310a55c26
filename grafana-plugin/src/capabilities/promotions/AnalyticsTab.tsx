// What each campaign brought for what it cost, side by side.
import { css } from '@emotion/css';
import { promotions } from '@admin-center/contracts/promotions';
import type { GrafanaTheme2 } from '@grafana/data';
import { PanelChrome, TextLink, useStyles2 } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { ReturnCard } from './ReturnCard.tsx';
import { campaignUrl } from './urls.ts';

const NEWEST = 8;

export function AnalyticsTab({ tick }: { tick: unknown }) {
  const styles = useStyles2(getStyles);
  const result = useApi(promotions.endpoints.listCampaigns, { query: { limit: NEWEST } });
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="campaigns">
      {({ items }) => {
        const begun = items.filter(({ state }) => state !== 'draft' && state !== 'scheduled');
        return begun.length === 0 ? (
          <Empty title="No campaign has begun yet" compact />
        ) : (
          <div className={styles.cards}>
            {begun.map(({ id, name, state }) => (
              <PanelChrome key={id} title={`${name}, ${state}`} actions={<TextLink href={campaignUrl(id)}>Open</TextLink>}>
                <ReturnCard campaignId={id} tick={tick} />
              </PanelChrome>
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ cards: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))', gap: theme.spacing(1), alignItems: 'start' }) });
