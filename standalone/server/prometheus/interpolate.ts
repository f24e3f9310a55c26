// Replaces Grafana's own variables in an expression, in both spellings: $__interval and ${__interval}.
import { calculateRateInterval, formatExact, formatInterval, type IntervalRequest } from './interval.ts';

export function interpolate(expression: string, request: IntervalRequest, stepMs: number): string {
  const rangeMs = request.toMs - request.fromMs;
  const rangeSeconds = Math.round(rangeMs / 1000);
  const rateMs = calculateRateInterval(request, stepMs);
  const values: Readonly<Record<string, string>> = {
    __interval_ms: String(stepMs),
    __interval: formatInterval(stepMs),
    __range_ms: String(rangeMs),
    __range_s: String(rangeSeconds),
    __range: `${rangeSeconds}s`,
    __rate_interval_ms: String(rateMs),
    __rate_interval: formatExact(rateMs),
  };
  // Longer names first in the pattern: `$__interval` is a prefix of `$__interval_ms`.
  return expression.replace(
    /\$(?:\{(__(?:rate_)?interval(?:_ms)?|__range(?:_ms|_s)?)\}|(__(?:rate_)?interval(?:_ms)?|__range(?:_ms|_s)?))/g,
    (whole, braced?: string, bare?: string) => values[braced ?? bare ?? ''] ?? whole,
  );
}
