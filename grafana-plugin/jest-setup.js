// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';

// @grafana/ui measures text to size menus; jsdom has no canvas.
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: text.length * 8 }) });
