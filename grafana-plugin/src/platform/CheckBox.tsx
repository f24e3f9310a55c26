// Grafana's checkbox in a form. Stretched to the width of a column, as forms stretch their fields, it would spread its box
// and its label over all of it.
import type { ComponentProps } from 'react';
import { Checkbox } from '@grafana/ui';

export const CheckBox = (props: ComponentProps<typeof Checkbox>) => (
  <div>
    <Checkbox {...props} />
  </div>
);
