// Fills the cache of Grafana's Icon component with the icons that came with the bundle.
import { cacheStore } from 'react-inlinesvg';
import icons from 'standalone:icons';

export function fillIconCache(): void {
  for (const [name, content] of Object.entries(icons)) {
    cacheStore.set(`${window.__grafana_public_path__}build/img/icons/${name}.svg`, { content, status: 'loaded' });
  }
}
