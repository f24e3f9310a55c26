// What is shown as a CSV file.
import { Button } from '@grafana/ui';
import { csvName, toCsv, type Cell } from '../../platform/csv.ts';
import { download } from '../../platform/download.ts';

interface Props {
  /** Of what is shown; the name of the file follows from it. */
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: () => ReadonlyArray<readonly Cell[]>;
}

export const CsvButton = ({ title, header, rows }: Props) => (
  <Button variant="secondary" size="sm" icon="download-alt" aria-label={`Export ${title} as CSV`} onClick={() => download(csvName(title), toCsv(header, rows()), 'text/csv')}>
    CSV
  </Button>
);
