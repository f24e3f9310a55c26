// Text with variables filled in; markup is always sanitized.
import { css } from '@emotion/css';
import { renderTextPanelMarkdown, textUtil, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { TextMode, type Options } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import { useStyles2 } from '@grafana/ui';

export function TextPanel({ options, width, height, replaceVariables }: PanelProps<Options>) {
  const styles = useStyles2(getStyles);
  const content = replaceVariables(options.content, {}, options.mode === TextMode.Code ? 'raw' : 'html');
  if (options.mode === TextMode.Code) {
    return (
      <pre className={styles.code} style={{ width, height }}>
        {content}
      </pre>
    );
  }
  const markup = options.mode === TextMode.HTML ? textUtil.sanitize(content) : renderTextPanelMarkdown(content);
  return (
    <div
      className={`markdown-html ${styles.text}`}
      style={{ width, height }}
      dangerouslySetInnerHTML={{ __html: markup }}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({ overflow: 'auto' }),
  code: css({ overflow: 'auto', margin: 0, fontFamily: theme.typography.fontFamilyMonospace }),
});
