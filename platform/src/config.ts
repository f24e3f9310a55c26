// Configuration is parsed once per service with zod, frozen, and can be printed with its secrets masked.
import { z } from 'zod';

/** A value that never shows in a log: mark a schema with `.meta({ secret: true })`. */
export const secret = (schema: z.ZodString): z.ZodString => schema.meta({ secret: true });

/** Of pino, the most talkative first. */
export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info');

export const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);

/**
 * Reads a service's configuration from the environment.
 * @throws Error with one readable line per bad value; the caller prints it and exits with 2.
 */
export function readConfig<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv): Readonly<z.output<S>> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) {
    return Object.freeze(result.data);
  }
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The configuration is not valid. Set these environment variables:\n${lines.join('\n')}`);
}

/** Also where it is optional or has a default: those are schemas around the marked one. */
const isSecret = (field: z.ZodType | undefined): boolean =>
  field?.meta()?.['secret'] === true || ((field instanceof z.ZodOptional || field instanceof z.ZodDefault) && isSecret(field.unwrap() as z.ZodType));

/** The same configuration with secrets replaced and passwords taken out of URLs, fit for a log line. */
export function maskConfig<S extends z.ZodObject>(schema: S, config: Readonly<z.output<S>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (isSecret(schema.shape[key] as z.ZodType | undefined)) {
        return [key, '***'];
      }
      return [key, typeof value === 'string' ? value.replace(/(\/\/[^:/@]+:)[^@]+@/, '$1***@') : value];
    }),
  );
}
