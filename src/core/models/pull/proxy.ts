import http from 'node:http';

/**
 * Runs `work` with Node's `fetch` going through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, as
 * command lines on every system understand them. Node before 24.14 knows no such switch at run time: there,
 * NODE_USE_ENV_PROXY=1 does it from the outside.
 */
export async function throughProxy<Result>(work: () => Promise<Result>): Promise<Result> {
  const restore = http.setGlobalProxyFromEnv?.();
  try {
    return await work();
  } finally {
    restore?.();
  }
}
