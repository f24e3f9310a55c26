// The part of Go's text/template that plugin routes use: a field of JsonData or SecureJsonData, optionally through `orEmpty`.

export interface TemplateData {
  readonly JsonData: Readonly<Record<string, string>>;
  readonly SecureJsonData: Readonly<Record<string, string>>;
}

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const FIELD = /^(orEmpty\s+)?\.(JsonData|SecureJsonData)\.(\w+)$/;

/**
 * As in Grafana, a missing JsonData key renders `<no value>` and a missing secret renders nothing.
 * @throws Error for any other action; the route then answers 500
 */
export function renderTemplate(template: string, data: TemplateData): string {
  return template.replace(ACTION, (_whole, action: string) => {
    const match = FIELD.exec(action);
    if (match === null) {
      throw new Error(`The plugin route template {{ ${action} }} is not supported.`);
    }
    const [, orEmpty, source, key] = match;
    const fallback = source === 'JsonData' && orEmpty === undefined ? '<no value>' : '';
    return data[source as keyof TemplateData][key ?? ''] ?? fallback;
  });
}
