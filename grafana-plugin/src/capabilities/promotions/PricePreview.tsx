// What a code would do to the next invoice of a user. Nothing is redeemed.
import { css } from '@emotion/css';
import { useId, useState } from 'react';
import { promotions, type PricePreview as Price } from '@admin-center/contracts/promotions';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Combobox, Field, Input, Stack, Text, useStyles2, type ComboboxOption } from '@grafana/ui';
import { formatMoney, plural, words } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { findUsers } from '../users/find-users.ts';

export function PricePreview() {
  const id = useId();
  const [user, setUser] = useState<ComboboxOption<string> | null>(null);
  const [code, setCode] = useState('');
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
        <Field label="User" htmlFor={`${id}-user`} noMargin>
          <Combobox<string> id={`${id}-user`} aria-label="User of the preview" placeholder="E-mail, name or id" width={38} options={findUsers} value={user} isClearable onChange={setUser} />
        </Field>
        <Field label="Code" htmlFor={`${id}-code`} description="Several with commas between them." noMargin>
          <Input id={`${id}-code`} value={code} placeholder="WELCOME25" width={38} autoComplete="off" onChange={(event) => setCode(event.currentTarget.value)} />
        </Field>
      </Stack>
      {user && code.trim() !== '' ? <Answer userId={user.value} code={code.trim()} /> : <Text color="secondary">Choose a user and enter a code. Nothing is redeemed.</Text>}
    </Stack>
  );
}

function Answer({ userId, code }: { userId: string; code: string }) {
  const result = useApi(promotions.endpoints.pricePreview, { query: { userId, code } });
  return (
    <Loaded result={result} what="the price" compact>
      {(price) => <Bill price={price} />}
    </Loaded>
  );
}

function Bill({ price }: { price: Price }) {
  const styles = useStyles2(getStyles);
  const { result, message, currency, subtotalMinor, discounts, totalMinor } = price;
  return (
    <div role="status">
      <Stack direction="row" gap={1} alignItems="center">
        <Badge text={words(result)} color={result === 'applied' ? 'green' : 'orange'} />
        <span>{message}</span>
      </Stack>
      {currency !== null && subtotalMinor !== null && (
        <table className={styles.bill} aria-label="Next invoice">
          <tbody>
            <tr>
              <th scope="row">Next invoice without</th>
              <td>{formatMoney(subtotalMinor, currency)}</td>
            </tr>
            {discounts.map(({ code, coupon, amountMinor, forMonths }) => (
              <tr key={`${coupon.id} ${code}`}>
                <th scope="row">
                  {coupon.name}
                  {code && ` (${code})`}, {forMonths === null ? 'forever' : `for ${plural(forMonths, 'month')}`}
                </th>
                <td>−{formatMoney(amountMinor, currency)}</td>
              </tr>
            ))}
            {totalMinor !== null && (
              <tr className={styles.total}>
                <th scope="row">Next invoice</th>
                <td>{formatMoney(totalMinor, currency)}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bill: css({
    marginTop: theme.spacing(1),
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.5, 2, 0.5, 0), textAlign: 'left', fontWeight: theme.typography.fontWeightRegular },
    td: { textAlign: 'right' },
  }),
  total: css({ borderTop: `1px solid ${theme.colors.border.medium}`, 'th, td': { fontWeight: theme.typography.fontWeightMedium } }),
});
