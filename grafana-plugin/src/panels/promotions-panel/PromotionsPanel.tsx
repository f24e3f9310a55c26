// The campaigns in a dashboard panel: its own permissions and states, the same rows and buttons as the page.
import { css } from '@emotion/css';
import { promotions, type Campaign } from '@admin-center/contracts/promotions';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';
import { campaignColumns } from '../../capabilities/promotions/CampaignsTab.tsx';
import { PagedList } from '../../capabilities/promotions/PagedList.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { pageUrl } from '../../routes.ts';

export interface PromotionsPanelOptions {
  state: Campaign['state'] | '';
  pageSize: number;
}

type Props = Pick<PanelProps<PromotionsPanelOptions>, 'options' | 'width' | 'height' | 'timeRange'>;

export function PromotionsPanel({ options: { state, pageSize }, width, height, timeRange }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="promotions:read" what="Promotions" compact>
          <PagedList
            endpoint={promotions.endpoints.listCampaigns}
            query={{ state: state || undefined }}
            label="Campaigns"
            columns={campaignColumns}
            rowKey={({ id }) => id}
            empty={state === '' ? 'No campaigns yet' : `No campaign is ${state}`}
            pageSize={pageSize}
            tick={timeRange.to.valueOf()}
            toolbar={() => (
              <LinkButton size="sm" variant="secondary" fill="text" icon="external-link-alt" href={pageUrl('promotions')}>
                Open in the Admin Center
              </LinkButton>
            )}
          />
        </Gate>
      </MeProvider>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
