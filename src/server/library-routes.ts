import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { probeLibrary } from '../core/library/location.ts';

/** Tells one engine's process from the next. */
const ENGINE = randomUUID();

const wanted = z.object({ folder: z.string().min(1).max(4096) });

/**
 * Going over to another library: `POST` a folder, then `GET` until another engine answers.
 *
 * @param goOver ends this engine and begins with the other library
 */
export function libraryRoutes(goOver: (folder: string) => void): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json({ engine: ENGINE }));
  routes.post('/', async (context) => {
    const { folder } = wanted.parse(await context.req.json());
    probeLibrary(folder);
    goOver(folder);
    return context.json({ engine: ENGINE }, 202);
  });
  return routes;
}
