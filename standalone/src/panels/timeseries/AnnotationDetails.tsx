// The text of one annotation: when, who, what, tags.
import { css } from '@emotion/css';
import { dateTimeFormat, textUtil, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { TagList, useStyles2 } from '@grafana/ui';
import type { Annotation } from './annotations.ts';

export function AnnotationDetails({ annotation, timeZone }: { annotation: Annotation; timeZone: TimeZone }) {
  const styles = useStyles2(getStyles);
  const { from, to, title, text, tags, who } = annotation;
  const start = dateTimeFormat(from, { timeZone });
  return (
    <div className={styles.details}>
      <div className={styles.when}>
        <span>{to > from ? `${start} to ${dateTimeFormat(to, { timeZone })}` : start}</span>
        {who !== '' && <span>{who}</span>}
      </div>
      {title !== '' && <div className={styles.title}>{title}</div>}
      {text !== '' && <div dangerouslySetInnerHTML={{ __html: textUtil.sanitize(text) }} />}
      {tags.length > 0 && <TagList tags={[...tags]} className={styles.tags} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  details: css({ display: 'grid', gap: theme.spacing(0.5), maxWidth: 320, overflowWrap: 'anywhere' }),
  when: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    color: theme.colors.text.secondary,
  }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  tags: css({ justifyContent: 'flex-start' }),
});
