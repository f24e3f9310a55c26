// Jest setup provided by Grafana scaffolding
import { configure } from '@testing-library/react';
import './.config/jest-setup';

// @grafana/ui measures text to size menus; jsdom has no canvas.
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: text.length * 8 }) });

// A second, the default, is not enough for Grafana's components beside other work.
configure({ asyncUtilTimeout: 8000 });

// Browsers have it, jsdom does not yet; zod asks it whether a text is an address.
URL.canParse ??= (text, base) => {
  try {
    return Boolean(new URL(text, base));
  } catch {
    return false;
  }
};

// jsdom matches every rule of every style sheet for each element whose role or name is asked; Grafana's components bring
// hundreds of rules, and no test here looks at what they say. What an element says of itself still counts.
window.getComputedStyle = (element) => element.style;
