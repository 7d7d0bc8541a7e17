import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost']);

/**
 * Lets in only the browser that was given the token: opening `/?token=…` trades it for a cookie that
 * scripts cannot read and other sites cannot send. The Host header must be local (no DNS rebinding), and
 * a cross-site Origin is refused.
 */
export function requireSession(token: string): MiddlewareHandler {
  return async (context, next) => {
    const url = new URL(context.req.url);
    const origin = context.req.header('origin');
    if (!LOCAL_HOSTS.has(url.hostname) || (origin !== undefined && origin !== url.origin)) {
      return context.text('This server answers its own window only.', 403);
    }
    // Cookies know no ports: the name keeps two servers apart.
    const cookie = `rasr_${url.port}`;
    const given = url.searchParams.get('token');
    if (given !== null && url.pathname === '/' && matches(given, token)) {
      setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return context.redirect('/');
    }
    if (!matches(getCookie(context, cookie) ?? '', token)) {
      return context.text('Open RASR by the address that "rasr serve" printed.', 401);
    }
    return next();
  };
}

function matches(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
