// What jsdom 20 lacks and @grafana/ui touches while it is imported. Timers stand in for Node's MessageChannel, which
// would keep jest from exiting.
class MessageChannelShim {
  constructor() {
    this.port1 = { onmessage: null, postMessage() {}, close() {} };
    this.port2 = { postMessage: (data) => setTimeout(() => this.port1.onmessage?.({ data }), 0), close() {} };
  }
}

class ObserverShim {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}

globalThis.MessageChannel ??= MessageChannelShim;
globalThis.ResizeObserver ??= ObserverShim;
globalThis.IntersectionObserver ??= ObserverShim;
globalThis.TextEncoder ??= require('util').TextEncoder;
globalThis.TextDecoder ??= require('util').TextDecoder;
globalThis.structuredClone ??= (value) => JSON.parse(JSON.stringify(value));
