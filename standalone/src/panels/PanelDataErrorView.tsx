// What a panel shows instead of a graph when its data cannot be drawn: a sentence in the middle.
import type { PanelDataErrorViewProps } from '@grafana/runtime';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

export function PanelDataErrorView({
  data,
  message,
  needsTimeField,
  needsNumberField,
  needsStringField,
}: PanelDataErrorViewProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.view} role="status">
      {message ??
        reason(
          data.series.every(({ length }) => length === 0),
          { needsTimeField, needsNumberField, needsStringField },
        )}
    </div>
  );
}

function reason(
  empty: boolean,
  needs: Pick<PanelDataErrorViewProps, 'needsTimeField' | 'needsNumberField' | 'needsStringField'>,
): string {
  if (empty) {
    return 'No data';
  }
  if (needs.needsTimeField === true) {
    return 'Data is missing a time field';
  }
  if (needs.needsNumberField === true) {
    return 'Data is missing a number field';
  }
  return needs.needsStringField === true ? 'Data is missing a string field' : 'Cannot visualize data';
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({
    height: '100%',
    display: 'grid',
    placeItems: 'center',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.size.lg,
  }),
});
