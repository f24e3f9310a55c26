// What was counted: the version and the text of the definition, under every panel that rests on it (D1).
import { Text } from '@grafana/ui';

interface Props {
  readonly definition: { readonly version: number; readonly text: string };
  /** What else has to be known to read the numbers. */
  readonly more?: string;
}

export const DefinedBy = ({ definition: { version, text }, more }: Props) => (
  <Text element="p" color="secondary" variant="bodySmall">
    {`Definition of active, version ${version}: ${text}${more === undefined ? '' : ` ${more}`}`}
  </Text>
);
