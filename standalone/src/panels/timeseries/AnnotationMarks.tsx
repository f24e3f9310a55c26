// Annotations on a graph: a dashed line for a moment, a shaded region for a span, and below each a marker that tells its text on hover or focus.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { css } from '@emotion/css';
import type uPlot from 'uplot';
import { colorManipulator, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { DEFAULT_ANNOTATION_COLOR, Tooltip, useStyles2, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import { AnnotationDetails } from './AnnotationDetails.tsx';
import type { Annotation } from './annotations.ts';

const REGION_ALPHA = 0.1;
const DASH = [5, 5];

interface AnnotationMarksProps {
  readonly config: UPlotConfigBuilder;
  readonly annotations: readonly Annotation[];
  readonly timeZone: TimeZone;
}

export function AnnotationMarks({ config, annotations, timeZone }: AnnotationMarksProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [plot, setPlot] = useState<uPlot>();
  // Markers stand beside the canvas and must move with it: each drawing of the plot draws them again.
  const [, setDrawn] = useState(0);
  const latest = useRef<readonly Annotation[]>(annotations);
  latest.current = annotations;

  useLayoutEffect(() => {
    config.addHook('init', (created) => setPlot(created));
    config.addHook('draw', (drawn) => {
      drawAnnotations(drawn, latest.current, theme);
      queueMicrotask(() => setDrawn((count) => count + 1));
    });
  }, [config, theme]);
  useEffect(() => plot?.redraw(false), [plot, annotations]);

  if (plot === undefined || !plot.root.isConnected) {
    return null;
  }
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const shown = annotations.filter(({ from, to }) => to >= min && from <= max);
  return createPortal(
    shown.map((annotation) => {
      const left = plot.valToPos(Math.max(annotation.from, min), 'x');
      const width = plot.valToPos(Math.min(annotation.to, max), 'x') - left;
      const color = colorOf(annotation, theme);
      return (
        <Tooltip
          key={`${annotation.from}:${annotation.to}:${annotation.title}:${annotation.text}`}
          content={<AnnotationDetails annotation={annotation} timeZone={timeZone} />}
          placement="bottom"
          interactive
        >
          {annotation.to > annotation.from ? (
            <button
              type="button"
              className={styles.span}
              style={{ left, width: Math.max(width, 4), background: color }}
              aria-label={`Annotation: ${labelOf(annotation)}`}
            />
          ) : (
            <button
              type="button"
              className={styles.moment}
              style={{ left, borderBottomColor: color }}
              aria-label={`Annotation: ${labelOf(annotation)}`}
            />
          )}
        </Tooltip>
      );
    }),
    plot.over,
  );
}

const labelOf = ({ title, text, tags }: Annotation): string => title || text || tags.join(', ') || 'no text';

const colorOf = ({ color }: Annotation, theme: GrafanaTheme2): string =>
  theme.visualization.getColorByName(color === '' ? DEFAULT_ANNOTATION_COLOR : color);

function drawAnnotations(plot: uPlot, annotations: readonly Annotation[], theme: GrafanaTheme2): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 2;
  for (const annotation of annotations) {
    const color = colorOf(annotation, theme);
    // Whole pixels keep the lines sharp.
    const from = Math.round(plot.valToPos(annotation.from, 'x', true));
    const to = Math.round(plot.valToPos(annotation.to, 'x', true));
    ctx.strokeStyle = color;
    ctx.setLineDash(DASH);
    verticalLine(ctx, from, bbox);
    if (annotation.to > annotation.from) {
      verticalLine(ctx, to, bbox);
      ctx.fillStyle = colorManipulator.alpha(color, REGION_ALPHA);
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
  }
  ctx.restore();
}

function verticalLine(ctx: CanvasRenderingContext2D, x: number, bbox: uPlot.BBox): void {
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

const getStyles = (theme: GrafanaTheme2) => {
  const marker = {
    position: 'absolute',
    bottom: -7,
    padding: 0,
    border: 'none',
    cursor: 'pointer',
    zIndex: 1,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  } as const;
  return {
    span: css({ ...marker, height: 6, borderRadius: theme.shape.radius.default }),
    moment: css({
      ...marker,
      width: 0,
      height: 0,
      marginLeft: -5,
      background: 'none',
      borderLeft: '5px solid transparent',
      borderRight: '5px solid transparent',
      borderBottom: '7px solid',
    }),
  };
};
