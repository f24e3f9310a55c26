// A part that does nothing until it is ended; for tests.
console.log('idle');
setInterval(() => undefined, 1_000);
