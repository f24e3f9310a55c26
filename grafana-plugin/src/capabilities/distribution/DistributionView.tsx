// Where users are and what they use, as of one day: the map, the bars, and use by platform. One click filters all of it.
import { css } from '@emotion/css';
import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { distribution } from '@admin-center/contracts/distribution';
import { WINDOWS, type Dimension, type Window } from '@admin-center/contracts/distribution-places';
import type { GrafanaTheme2 } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Button, Field, Input, RadioButtonGroup, Stack, Text, useStyles2 } from '@grafana/ui';
import { formatCount } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useMe } from '../../platform/me.tsx';
import { useApi } from '../../platform/use-api.ts';
import { UsersBehind } from '../../platform/UsersBehind.tsx';
import { Bars } from './Bars.tsx';
import { CountryMap } from './CountryMap.tsx';
import { countryName } from './map/geography.ts';
import { PlatformUse } from './PlatformUse.tsx';
import { filterOf, viewFromUrl, viewToUrl, type View } from './view.ts';

const CARDS: ReadonlyArray<readonly [Dimension, string]> = [
  ['platform', 'Platforms'], ['device', 'Devices'], ['os', 'Operating systems'], ['browser', 'Browsers'], ['version', 'App versions'], ['feature', 'Features used'],
];
const TITLES: Readonly<Record<Dimension, string>> = { country: 'Country', region: 'Region', platform: 'Platform', device: 'Device', os: 'Operating system', browser: 'Browser', version: 'App version', feature: 'Feature' };
const WINDOW_OPTIONS = WINDOWS.map((value) => ({ value, label: { '1d': '1 day', '7d': '7 days', '30d': '30 days' }[value] }));

export function DistributionView() {
  const styles = useStyles2(getStyles);
  const { can } = useMe();
  const view = viewFromUrl(useLocation().search);
  const [behind, setBehind] = useState<{ dimension: Dimension; value: string }>();
  const change = (patch: Partial<View>) => locationService.partial(viewToUrl({ ...view, ...patch }));
  const filter = filterOf(view.filter);
  const days = { window: view.window, ...(view.day ? { day: view.day } : {}) };
  const result = useApi(distribution.endpoints.overview, { query: { ...days, ...(view.filter ? { filter: view.filter } : {}) } });
  // A map of one country would show nothing; the others stay, to compare with and to go to.
  const everywhere = useApi(distribution.endpoints.overview, filter?.dimension === 'country' ? { query: days } : null);
  const whole = filter?.dimension === 'country' ? everywhere.data : undefined;
  const onUsers = can('users:read') ? (dimension: Dimension, value: string) => setBehind({ dimension, value }) : undefined;
  const select = (dimension: Dimension) => (value: string | null) => change({ filter: value === null ? '' : `${dimension}:${value}` });

  return (
    <Stack direction="column" gap={2}>
      <Controls view={view} onChange={change} />
      <Loaded result={result} what="the distribution">
        {({ total, day, dimensions }, busy) => (
          <div className={styles.body} aria-busy={busy}>
            <Stack gap={1} alignItems="center" wrap="wrap">
              <Text element="p" variant="h4">
                {formatCount(total)} active users{filter ? ` with ${TITLES[filter.dimension].toLowerCase()} ${nameOf(filter.dimension, filter.value)}` : ''}
              </Text>
              <Text color="secondary">in {WINDOW_OPTIONS.find(({ value }) => value === view.window)?.label} up to {day} (UTC). A user with several values counts in each.</Text>
              {filter && (
                <Button size="sm" variant="secondary" icon="times" onClick={() => change({ filter: '' })}>
                  Take the filter back
                </Button>
              )}
            </Stack>
            {total === 0 ? (
              <Empty title="Nobody was active in this window" actions={view.day === '' && <Button onClick={() => change({ day: today() })}>Look at today so far</Button>}>
                Numbers follow events that hosts and clients send; without a day they end with the last complete one.
              </Empty>
            ) : (
              <>
                <section className={styles.map} aria-label="Users by country">
                  <CountryMap
                    countries={(whole?.dimensions ?? dimensions).country}
                    total={whole?.total ?? total}
                    selected={filter?.dimension === 'country' ? filter.value : null}
                    onSelect={select('country')}
                    onUsers={onUsers}
                    regionsOf={days}
                  />
                </section>
                <div className={styles.cards}>
                  {CARDS.map(([dimension, title]) => (
                    <Bars
                      key={dimension}
                      title={title}
                      breakdown={dimensions[dimension]}
                      total={total}
                      selected={filter?.dimension === dimension ? filter.value : null}
                      onSelect={select(dimension)}
                      onUsers={onUsers && ((value) => onUsers(dimension, value))}
                      most={10}
                    />
                  ))}
                </div>
              </>
            )}
          </div>
        )}
      </Loaded>
      <PlatformUse days={days} />
      {behind && (
        <UsersBehind
          endpoint={distribution.endpoints.users}
          query={{ ...days, cell: `${behind.dimension}:${behind.value}`, ...(view.filter && view.filter !== `${behind.dimension}:${behind.value}` ? { filter: view.filter } : {}) }}
          title={`${TITLES[behind.dimension]}: ${nameOf(behind.dimension, behind.value)}`}
          definition="Users who were active with it on a day of the window."
          onClose={() => setBehind(undefined)}
        />
      )}
    </Stack>
  );
}

const nameOf = (dimension: Dimension, value: string): string => (dimension === 'country' ? countryName(value) : value);
const today = (): string => new Date().toISOString().slice(0, 10);

function Controls({ view, onChange }: { view: View; onChange: (patch: Partial<View>) => void }) {
  return (
    <Stack gap={2} wrap="wrap" alignItems="flex-end">
      <Field label="Window" noMargin>
        <RadioButtonGroup<Window> aria-label="Window" options={WINDOW_OPTIONS} value={view.window} onChange={(window) => onChange({ window })} />
      </Field>
      <Field label="Up to and including (UTC)" noMargin>
        <Input type="date" aria-label="Last day" value={view.day} max={today()} width={20} onChange={(event) => onChange({ day: event.currentTarget.value })} />
      </Field>
      {view.day !== '' && (
        <Button variant="secondary" fill="text" onClick={() => onChange({ day: '' })}>
          Last complete day
        </Button>
      )}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), '&[aria-busy="true"]': { opacity: 0.6 } }),
  map: css({ padding: theme.spacing(1.5), background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default }),
  cards: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(340px, 100%), 1fr))', gap: theme.spacing(2) }),
});
