// The map with its switch, its list and, once a country is chosen, that country's regions as bars.
import { css } from '@emotion/css';
import { useState } from 'react';
import { distribution, type Breakdown } from '@admin-center/contracts/distribution';
import type { Window } from '@admin-center/contracts/distribution-places';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, InlineSwitch, Stack, useStyles2 } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { Bars } from './Bars.tsx';
import { countryName, isCountry, POPULATION_YEAR } from './map/geography.ts';
import { WorldMap } from './map/WorldMap.tsx';

interface Props {
  readonly countries: Breakdown;
  readonly total: number;
  readonly selected: string | null;
  readonly onSelect?: (code: string | null) => void;
  readonly onUsers?: (dimension: 'country' | 'region', value: string) => void;
  /** Regions come from the API; a map over somebody else's numbers has none. */
  readonly regionsOf?: { readonly window: Window; readonly day?: string };
  readonly showList?: boolean;
}

export function CountryMap({ countries, total, selected, onSelect, onUsers, regionsOf, showList = true }: Props) {
  const styles = useStyles2(getStyles);
  const [perCapita, setPerCapita] = useState(false);
  const zoomed = regionsOf && selected && isCountry(selected) ? selected : null;
  return (
    <div className={styles.columns}>
      <div className={styles.map}>
        <Stack alignItems="center" gap={1}>
          <InlineSwitch label={`Per million inhabitants (${POPULATION_YEAR})`} showLabel transparent value={perCapita} onChange={() => setPerCapita(!perCapita)} />
          {selected && onSelect && (
            <Button size="sm" variant="secondary" icon="times" onClick={() => onSelect(null)}>
              {countryName(selected)}
            </Button>
          )}
        </Stack>
        <WorldMap values={countries.rows.map(({ value, users }) => ({ code: value, users }))} total={total} perCapita={perCapita} selected={selected} onSelect={onSelect} />
      </div>
      {showList && (
        <div className={styles.list}>
          {zoomed && regionsOf ? (
            <Regions country={zoomed} days={regionsOf} total={countries.rows.find(({ value }) => value === zoomed)?.users ?? 0} onUsers={onUsers && ((value) => onUsers('region', value))} />
          ) : (
            <Bars title="Countries" breakdown={countries} total={total} nameOf={countryName} selected={selected} onSelect={onSelect} onUsers={onUsers && ((value) => onUsers('country', value))} most={14} />
          )}
        </div>
      )}
    </div>
  );
}

function Regions({ country, days, total, onUsers }: { country: string; days: NonNullable<Props['regionsOf']>; total: number; onUsers?: (value: string) => void }) {
  const result = useApi(distribution.endpoints.regions, { query: { ...days, country } });
  return (
    <Loaded result={result} what="the regions">
      {(regions) => (
        <Bars title={`Regions of ${countryName(country)}`} breakdown={regions} total={total} onUsers={onUsers} note="Regions are kept of users who agreed to it, by ISO 3166-2 code, and drawn as bars: the map has no borders of regions." />
      )}
    </Loaded>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(2), height: '100%', minHeight: 0 }),
  map: css({ flex: '3 1 420px', minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' }),
  list: css({ flex: '1 1 300px', minWidth: 0, overflow: 'auto' }),
});
