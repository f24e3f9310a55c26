// "Which address do you see of me?": the answer to most questions about users whose country is unknown.
import { useState } from 'react';
import { distribution } from '@admin-center/contracts/distribution';
import { Button, Collapse, Stack, Text } from '@grafana/ui';
import { Facts } from '../../platform/Facts.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { countryName } from './map/geography.ts';

export function SeenAddress() {
  const [open, setOpen] = useState(false);
  return (
    <Collapse label="Is your country unknown? Which address we see" isOpen={open} onToggle={() => setOpen(!open)}>
      {open && <Report />}
    </Collapse>
  );
}

function Report() {
  const result = useApi(distribution.endpoints.address, {});
  return (
    <Loaded result={result} what="the address we see">
      {({ peer, peerTrusted, forwardedFor, otherHeaders, client, country, region, trustedProxies, databases, advice }) => (
        <Stack direction="column" gap={2}>
          <Text element="p" color="secondary">
            This is how this very request came, through Grafana. Events come the way their clients take, which may pass other proxies; the same settings decide about both. Nothing here is stored.
          </Text>
          <Facts
            facts={[
              ['Peer of the connection', `${peer ?? 'unknown'} (${peerTrusted ? 'a trusted proxy' : 'not a trusted proxy'})`],
              ['X-Forwarded-For', forwardedFor.join(', ') || 'not sent'],
              ['Other headers about clients', otherHeaders.join(', ') || 'none'],
              ['Address that counts', client ?? 'none'],
              ['Country', `${countryName(country)}${region ? `, ${region}` : ''}`],
              ['TRUSTED_PROXIES', trustedProxies.join(', ') || 'empty: nobody is believed'],
              ['Databases', databases.map(({ file, type, builtAt }) => `${file} (${type ?? 'cannot be read'}${builtAt ? `, ${builtAt.slice(0, 10)}` : ''})`).join('; ')],
            ]}
          />
          <Stack direction="column" gap={0.5}>
            <Text element="h4" variant="h5">
              What to configure
            </Text>
            {advice.length === 0 ? <Text element="p">Nothing: the address is public and its country known.</Text> : <ul>{advice.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>}
          </Stack>
          <div>
            <Button size="sm" variant="secondary" icon="sync" onClick={result.reload}>
              Ask again
            </Button>
          </div>
        </Stack>
      )}
    </Loaded>
  );
}
