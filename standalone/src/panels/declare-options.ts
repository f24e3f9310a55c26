// Declares a panel's options and their defaults. Grafana fills defaults in, and keeps a field option, only when it is declared with an editor;
// nobody edits here, so the editor draws nothing.
import {
  identityOverrideProcessor,
  type Field,
  type FieldConfigEditorBuilder,
  type PanelOptionsEditorBuilder,
} from '@grafana/data';

const NoEditor = (): null => null;

/** @param defaults path → default value; undefined declares an option that is empty unless set */
export function declarePanelOptions<T>(
  builder: PanelOptionsEditorBuilder<T>,
  defaults: Readonly<Record<string, unknown>>,
): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({ id: path, path, name: path, defaultValue, editor: NoEditor });
  }
}

/** @param appliesTo which fields an option is kept for */
export function declareFieldOptions<T>(
  builder: FieldConfigEditorBuilder<T>,
  defaults: Readonly<Record<string, unknown>>,
  appliesTo: (field: Field) => boolean,
): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({
      id: path,
      path,
      name: path,
      defaultValue,
      editor: NoEditor,
      override: NoEditor,
      process: identityOverrideProcessor,
      shouldApply: appliesTo,
      settings: {},
    });
  }
}
