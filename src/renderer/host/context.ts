import { createContext, useContext } from 'react';
import type { Host } from './host.ts';
import { webHost } from './web.ts';

export const HostContext = createContext<Host>(webHost);

/** What shows this window: the Electron app or the local web server. */
export function useHost(): Host {
  return useContext(HostContext);
}
