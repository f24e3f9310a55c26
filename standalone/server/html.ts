// Escaping for the two places of a page that hold data: markup, and JSON inside a script.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Tagged template: every value is escaped, except markup made by this same tag. */
export interface Markup {
  readonly markup: string;
}

export function html(
  parts: TemplateStringsArray,
  ...values: ReadonlyArray<string | number | Markup | readonly Markup[]>
): Markup {
  const rendered = values.map((value) => {
    if (typeof value === 'object') {
      return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
    }
    return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  });
  return { markup: String.raw({ raw: parts }, ...rendered) };
}

/** JSON that cannot end the script element it stands in. */
export const scriptJson = (value: unknown): Markup => ({
  markup: JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
});

/** Text that is trusted as it is: a constant of this program. */
export const trusted = (markup: string): Markup => ({ markup });
