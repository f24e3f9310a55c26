// The map in a dashboard panel: over active users as the API knows them, or over the panel's own query.
import { css } from '@emotion/css';
import { distribution } from '@admin-center/contracts/distribution';
import type { Window } from '@admin-center/contracts/distribution-places';
import { LoadingState, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { CountryMap } from '../../capabilities/distribution/CountryMap.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { Empty, Loading } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { countriesOf } from './frames.ts';

export interface WorldMapPanelOptions {
  source: 'api' | 'query';
  window: Window;
  /** Label or column with country codes, of the panel's own query. */
  label: string;
  /** Dashboard variable that a click sets; empty for none. */
  variable: string;
  /** What the variable holds while no country is chosen. */
  all: string;
  showList: boolean;
}

type Props = Pick<PanelProps<WorldMapPanelOptions>, 'options' | 'width' | 'height' | 'data' | 'replaceVariables'>;

export function WorldMapPanel({ options, width, height, data, replaceVariables }: Props) {
  const styles = useStyles2(getStyles);
  const reference = `\${${options.variable}}`;
  const chosen = options.variable === '' ? '' : replaceVariables(reference);
  const selected = /^[A-Z]{2}$|^unknown$|^hosting$/.test(chosen) ? chosen : null;
  const onSelect = options.variable === '' ? undefined : (code: string | null) => locationService.partial({ [`var-${options.variable}`]: code ?? options.all }, true);
  const map = { selected, onSelect, showList: options.showList };
  return (
    <div className={styles.panel} style={{ width, height }}>
      {options.source === 'query' ? (
        <FromQuery data={data} label={options.label} {...map} />
      ) : (
        <MeProvider>
          <Gate permission="distribution:read" what="The map of users" compact>
            <FromApi window={options.window} {...map} />
          </Gate>
        </MeProvider>
      )}
    </div>
  );
}

interface MapProps {
  readonly selected: string | null;
  readonly onSelect?: (code: string | null) => void;
  readonly showList: boolean;
}

function FromApi({ window, ...map }: MapProps & { window: Window }) {
  const result = useApi(distribution.endpoints.overview, { query: { window } });
  return (
    <Loaded result={result} what="the map" compact>
      {({ total, dimensions }) => (total === 0 ? <Empty title="Nobody was active" compact>In the window up to the last complete day (UTC).</Empty> : <CountryMap countries={dimensions.country} total={total} regionsOf={{ window }} {...map} />)}
    </Loaded>
  );
}

function FromQuery({ data, label, ...map }: MapProps & { data: Props['data']; label: string }) {
  const countries = countriesOf(data.series, label);
  const total = countries.rows.reduce((sum, { users }) => sum + users, 0);
  if (data.state === LoadingState.Loading && data.series.length === 0) {
    return <Loading what="the map" compact />;
  }
  return total === 0 ? (
    <Empty title="No numbers by country" compact>
      {data.errors?.[0]?.message ?? `The query has to answer series with a label "${label}", or a table with such a column, that holds ISO 3166-1 codes.`}
    </Empty>
  ) : (
    <CountryMap countries={countries} total={total} {...map} />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
