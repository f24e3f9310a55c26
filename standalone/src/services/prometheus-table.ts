// `format: table`: the series of a query become rows of one frame, with a column per label, as in Grafana's Prometheus data source.
import {
  createDataFrame,
  FieldType,
  type DataFrame,
  type DataQueryResponseData,
  type Field,
  type Labels,
} from '@grafana/data';

export function framesToTables(data: DataQueryResponseData[], tables: ReadonlySet<string>): DataQueryResponseData[] {
  const frames = data as DataFrame[];
  const others = frames.filter(({ refId }) => refId === undefined || !tables.has(refId));
  const made = [...tables].flatMap((refId) => {
    const mine = frames.filter((frame) => frame.refId === refId && frame.fields.length > 0);
    return mine.length === 0 ? [] : [toTable(refId, mine, tables.size > 1 ? `Value #${refId}` : 'Value')];
  });
  return [...others, ...made];
}

function toTable(refId: string, frames: readonly DataFrame[], valueName: string): DataFrame {
  const labelsOf = (frame: DataFrame): Labels => valueField(frame)?.labels ?? {};
  const names = [...new Set(frames.flatMap((frame) => Object.keys(labelsOf(frame))))].toSorted();
  const rows = frames.flatMap((frame) => Array.from({ length: frame.length }, (_, row) => ({ frame, row })));
  const column = (
    type: FieldType,
    name: string,
    value: (frame: DataFrame, row: number) => unknown,
  ): Pick<Field, 'name' | 'type' | 'config' | 'values'> => ({
    name,
    type,
    config: type === FieldType.string ? { filterable: true } : {},
    values: rows.map(({ frame, row }) => value(frame, row)),
  });
  return createDataFrame({
    refId,
    ...(frames[0]?.meta === undefined ? {} : { meta: frames[0].meta }),
    fields: [
      column(
        FieldType.time,
        'Time',
        (frame, row) => frame.fields.find(({ type }) => type === FieldType.time)?.values[row],
      ),
      ...names.map((name) => column(FieldType.string, name, (frame) => labelsOf(frame)[name] ?? '')),
      column(FieldType.number, valueName, (frame, row) => valueField(frame)?.values[row]),
    ],
  });
}

const valueField = (frame: DataFrame): Field | undefined => frame.fields.find(({ type }) => type === FieldType.number);
