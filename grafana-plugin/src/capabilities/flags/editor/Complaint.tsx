// What is wrong with the fields above, as one types.
import { FieldValidationMessage } from '@grafana/ui';

export const Complaint = ({ texts }: { texts: ReadonlyArray<string | undefined> }) => {
  const said = [...new Set(texts.filter((text) => text !== undefined && text !== ''))];
  return said.length === 0 ? null : <FieldValidationMessage>{said.join(' ')}</FieldValidationMessage>;
};
