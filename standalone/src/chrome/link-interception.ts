// Ordinary links inside the app go through the browser history instead of loading the page again, as in Grafana.
import { locationService } from '@grafana/runtime';

/** Addresses the server answers itself. */
const SERVER_PATHS = /^\/(?:api|apis|public|login|logout|theme)(?:\/|$|\?)/;

export function interceptLinks(event: MouseEvent): void {
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  const href = anchor?.getAttribute('href');
  const plainClick = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (
    event.defaultPrevented ||
    !plainClick ||
    anchor === null ||
    typeof href !== 'string' ||
    !href.startsWith('/') ||
    href.startsWith('//')
  ) {
    return;
  }
  if (
    (anchor.target !== '' && anchor.target !== '_self') ||
    anchor.hasAttribute('download') ||
    SERVER_PATHS.test(href)
  ) {
    return;
  }
  event.preventDefault();
  locationService.push(href);
}
