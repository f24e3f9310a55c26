// What the benchmark of flags is measured against: an Express route that parses a body and sends a text, and nothing else.
import { readFileSync } from 'node:fs';
import express from 'express';

const text = readFileSync(process.argv[2] as string, 'utf8');
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/', express.json(), (_request, response) => {
  response.type('application/json').send(text);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
