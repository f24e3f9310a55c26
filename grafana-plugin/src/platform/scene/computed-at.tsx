// Beside the title of a panel: when its numbers were computed, where that is not when they are asked for.
import { css } from '@emotion/css';
import { FieldType, type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { type SceneComponentProps, sceneGraph, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import type { DataSourceRef } from '@grafana/schema';
import { useStyles2 } from '@grafana/ui';
import { Ago } from '../time.tsx';
import { promQueries, toPromQuery } from './data.ts';

export class ComputedAt extends SceneObjectBase<SceneObjectState> {
  static readonly Component = ComputedAtText;
}

/** @param expr a Unix time */
export const computedAt = (expr: string, source: DataSourceRef): ComputedAt => new ComputedAt({ $data: promQueries(source, [toPromQuery({ expr, legend: '', instant: true }, 0)]) });

function ComputedAtText({ model }: SceneComponentProps<ComputedAt>) {
  const { data } = sceneGraph.getData(model).useState();
  const styles = useStyles2(getStyles);
  const at = instantOf(data?.series ?? []);
  return at === null ? null : (
    <span className={styles}>
      computed <Ago at={at} />
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, whiteSpace: 'nowrap' });

/** The last number there is, as an ISO instant. */
export function instantOf(frames: readonly DataFrame[]): string | null {
  const values: unknown[] = frames.flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number).flatMap(({ values: all }) => [...all]));
  const seconds = values[values.length - 1];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? new Date(seconds * 1_000).toISOString() : null;
}
