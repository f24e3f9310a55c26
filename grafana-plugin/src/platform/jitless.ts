// zod compiles its parsers with `new Function` where it may. Under Grafana's content security policy the attempt alone is
// reported in the console, so it is switched off; every entry of the bundle imports this before contracts/.
import { config } from 'zod';

config({ jitless: true });
