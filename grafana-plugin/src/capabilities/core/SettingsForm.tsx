// The plugin's settings at /plugins/<id>, for Grafana admins: where the actions API is, its token, which Prometheus.
import { useId, useState, type SyntheticEvent } from 'react';
import { lastValueFrom } from 'rxjs';
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { Alert, Button, Field, FieldSet, Input, SecretInput, Stack } from '@grafana/ui';
import { PLUGIN_ID } from '../../plugin-id.ts';
import { toApiError } from '../../platform/api-error.ts';
import { forgetMe, loadMe } from '../../platform/me.tsx';
import { apiUrlProblem, DEFAULT_PROMETHEUS_UID, withoutTrailingSlash, type Settings } from '../../platform/settings.ts';

export type SettingsFormProps = PluginConfigPageProps<AppPluginMeta<Settings>>;
type Outcome = { severity: 'success' | 'error'; title: string; text?: string };

export function SettingsForm({ plugin }: SettingsFormProps) {
  const { enabled, pinned, jsonData, secureJsonFields } = plugin.meta;
  const ids = { url: useId(), token: useId(), source: useId() };
  const [apiUrl, setApiUrl] = useState(jsonData?.apiUrl ?? '');
  const [token, setToken] = useState('');
  const [hasToken, setHasToken] = useState(Boolean(secureJsonFields?.actionsToken));
  const [prometheusUid, setPrometheusUid] = useState(jsonData?.prometheusUid ?? '');
  const [outcome, setOutcome] = useState<Outcome>();
  const [busy, setBusy] = useState(false);
  const problem = apiUrl === '' ? undefined : apiUrlProblem(apiUrl);
  const complete = apiUrl !== '' && problem === undefined && (hasToken || token !== '');

  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await lastValueFrom(
        getBackendSrv().fetch({
          url: `/api/plugins/${PLUGIN_ID}/settings`,
          method: 'POST',
          data: {
            enabled,
            pinned,
            jsonData: { ...jsonData, apiUrl: withoutTrailingSlash(apiUrl), prometheusUid: prometheusUid.trim() || undefined },
            // A secret that is not sent stays as it is.
            secureJsonData: hasToken ? undefined : { actionsToken: token },
          },
          showErrorAlert: false,
          showSuccessAlert: false,
        })
      );
      // Grafana hands settings to plugins when the page loads.
      window.location.reload();
    } catch (error) {
      setOutcome({ severity: 'error', title: 'The settings were not saved', text: toApiError(error).message });
      setBusy(false);
    }
  };

  const test = async () => {
    setBusy(true);
    forgetMe();
    try {
      const { user, roles } = await loadMe();
      setOutcome({ severity: 'success', title: 'The actions API answers', text: `It knows you as ${user.email}${roles.length === 0 ? ', without an admin role' : ''}.` });
    } catch (error) {
      setOutcome({ severity: 'error', title: 'The actions API could not be used', text: toApiError(error).message });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void save(event)}>
      <FieldSet label="Connection">
        <Field label="Actions API" htmlFor={ids.url} description="Base address as the Grafana server reaches it." invalid={problem !== undefined} error={problem} required>
          <Input id={ids.url} width={60} value={apiUrl} placeholder="http://actions-api:4000" onChange={(event) => setApiUrl(event.currentTarget.value)} />
        </Field>
        <Field label="Token" htmlFor={ids.token} description="The API's ACTIONS_API_TOKEN. Grafana keeps it encrypted and adds it to every request." required>
          <SecretInput
            id={ids.token}
            width={60}
            isConfigured={hasToken}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            onReset={() => {
              setHasToken(false);
              setToken('');
            }}
          />
        </Field>
        <Field label="Prometheus" htmlFor={ids.source} description="uid of the data source the pages query.">
          <Input id={ids.source} width={60} value={prometheusUid} placeholder={DEFAULT_PROMETHEUS_UID} onChange={(event) => setPrometheusUid(event.currentTarget.value)} />
        </Field>
      </FieldSet>
      {outcome && (
        <Alert severity={outcome.severity} title={outcome.title}>
          {outcome.text}
        </Alert>
      )}
      <Stack direction="row" gap={1}>
        <Button type="submit" disabled={busy || !complete}>
          Save
        </Button>
        <Button type="button" variant="secondary" disabled={busy || !jsonData?.apiUrl} onClick={() => void test()}>
          Test what is saved
        </Button>
      </Stack>
    </form>
  );
}
