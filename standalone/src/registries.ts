// Registries that Grafana fills at start. Without the standard field options, unit, thresholds, decimals … of every panel are silently ignored:
// applyFieldOverrides copies only registered ids. Ids, paths, processors and defaults are therefore Grafana's.
import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  ThresholdsMode,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type Field,
  type FieldConfigPropertyItem,
} from '@grafana/data';

/** Nobody edits panels here, but options are declared through their editors, so each kind must exist. */
const NoEditor = (): null => null;

const EDITORS = [
  'text',
  'number',
  'slider',
  'boolean',
  'select',
  'multi-select',
  'radio',
  'unit',
  'color',
  'fieldColor',
  'field-color',
  'field-name',
  'strings',
  'timezone',
  'stats-picker',
  'dashboard-uid',
  'links',
  'actions',
  'thresholds',
  'mappings',
  'value-mappings',
  'layer',
];

const everyField = (): boolean => true;
const numbersOnly = (field: Field): boolean => field.type === FieldType.number;

const option = (
  id: string,
  process: FieldConfigPropertyItem['process'],
  rest: Partial<FieldConfigPropertyItem> = {},
): FieldConfigPropertyItem => ({
  id,
  path: id,
  name: id,
  process,
  editor: NoEditor,
  override: NoEditor,
  shouldApply: everyField,
  settings: {},
  ...rest,
});

export const STANDARD_FIELD_OPTIONS: readonly FieldConfigPropertyItem[] = [
  option('unit', unitOverrideProcessor, { shouldApply: numbersOnly }),
  option('min', numberOverrideProcessor, { shouldApply: numbersOnly }),
  option('max', numberOverrideProcessor, { shouldApply: numbersOnly }),
  option('fieldMinMax', booleanOverrideProcessor, { shouldApply: numbersOnly }),
  option('decimals', numberOverrideProcessor, { shouldApply: numbersOnly }),
  option('displayName', displayNameOverrideProcessor),
  option('color', identityOverrideProcessor),
  option('noValue', stringOverrideProcessor),
  option('links', dataLinksOverrideProcessor),
  option('actions', dataLinksOverrideProcessor),
  option('mappings', valueMappingsOverrideProcessor, { defaultValue: [] }),
  option('thresholds', thresholdsOverrideProcessor, {
    defaultValue: {
      mode: ThresholdsMode.Absolute,
      steps: [
        { value: -Infinity, color: 'green' },
        { value: 80, color: 'red' },
      ],
    },
  }),
  option('filterable', booleanOverrideProcessor),
];

export function fillRegistries(): void {
  standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: NoEditor })));
  standardFieldConfigEditorRegistry.setInit(() => [...STANDARD_FIELD_OPTIONS]);
  standardTransformersRegistry.setInit(() => {
    const byId = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
    return [...byId.values()].map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      editor: NoEditor,
      transformation: () => Promise.resolve(transformer),
      imageDark: '',
      imageLight: '',
    }));
  });
}
