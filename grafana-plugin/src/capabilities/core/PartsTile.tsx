// Headline tile: how many parts of the product are not well.
import { css } from '@emotion/css';
import { core } from '@admin-center/contracts/core';
import type { GrafanaTheme2 } from '@grafana/data';
import { PanelChrome, TextLink, useStyles2 } from '@grafana/ui';
import { Gate } from '../../platform/Gate.tsx';
import { plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { pageUrl } from '../../routes.ts';

function Parts({ range }: { range: PageRange }) {
  const styles = useStyles2(getStyles);
  const result = useApi(core.endpoints.parts, {});
  useReload(result.reload, range.to);
  return (
    <Loaded result={result} what="the parts" compact>
      {({ items }) => {
        const down = items.filter(({ state }) => state === 'down');
        const text = down.length === 0 ? 'All well' : plural(down.length, 'issue');
        return (
          <div className={down.length === 0 ? styles.well : styles.unwell}>
            <TextLink href={pageUrl('configuration')} color="primary" inline={false} variant="h2" aria-label={`${text}. Health of each part`}>
              {text}
            </TextLink>
            <p>{down.length === 0 ? `${plural(items.filter(({ state }) => state === 'up').length, 'part')} up` : down.map(({ name }) => name).join(', ')}</p>
          </div>
        );
      }}
    </Loaded>
  );
}

export const PartsTile = ({ range }: { range: PageRange }) => (
  <PanelChrome title="Parts of the product" description="Database, worker, exporter, Prometheus and what else the Admin Center is made of.">
    <Gate permission="core:read" what="The health of the parts" compact>
      <Parts range={range} />
    </Gate>
  </PanelChrome>
);

const getStyles = (theme: GrafanaTheme2) => {
  const tile = { height: '100%', borderLeft: `3px solid ${theme.colors.success.main}`, paddingLeft: theme.spacing(1.5), p: { margin: 0, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize } };
  return { well: css(tile), unwell: css({ ...tile, borderLeftColor: theme.colors.error.main }) };
};
