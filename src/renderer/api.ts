import { MutationCache, QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  createWSClient,
  httpBatchStreamLink,
  isTRPCClientError,
  splitLink,
  type TRPCClient,
  type TRPCLink,
  wsLink,
} from '@trpc/client';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { createContext, useContext } from 'react';
import type { ElectronBridge } from '../api/electron-bridge.ts';
import type { AppRouter } from '../api/router.ts';
import { portLink } from '../api/transport/port-link.ts';
import type { ApiError } from '../api/trpc.ts';
import { electronPort } from './host/electron.ts';
import { i18n } from './i18n/i18n.ts';

/** The engine's api as this window uses it. */
export interface Api {
  readonly client: TRPCClient<AppRouter>;
  /** Query and mutation options for TanStack Query. */
  readonly query: TRPCOptionsProxy<AppRouter>;
  readonly queryClient: QueryClient;
}

/** @param onRefused is told of mutations the engine refused, but for those with `meta.quiet` */
export async function createApi(
  bridge: ElectronBridge | undefined,
  onRefused: (error: ApiError) => void,
): Promise<Api> {
  const link = bridge === undefined ? webLink() : portLink(await electronPort(bridge));
  const client = createTRPCClient<AppRouter>({ links: [link] });
  const queryClient = new QueryClient({
    mutationCache: new MutationCache({
      onError(error, _variables, _context, { meta }) {
        if (meta?.quiet !== true) onRefused(asApiError(error));
      },
    }),
    // The engine is on this machine, whatever the browser believes of the network.
    defaultOptions: { queries: { networkMode: 'always' }, mutations: { networkMode: 'always' } },
  });
  return { client, queryClient, query: createTRPCOptionsProxy<AppRouter>({ client, queryClient }) };
}

/** Pause before a web socket that broke is opened again. */
const REOPENED_AFTER_MS = 1500;

function webLink(): TRPCLink<AppRouter> {
  // All that is listened to, over one connection: of others a browser keeps six to one address, for all its tabs.
  const events = createWSClient({
    url: `${location.origin.replace(/^http/, 'ws')}/api/events`,
    retryDelayMs: () => REOPENED_AFTER_MS,
  });
  return splitLink({
    condition: ({ type }) => type === 'subscription',
    true: wsLink({ client: events }),
    // Answers come one by one: what takes seconds keeps nothing else waiting.
    false: httpBatchStreamLink({ url: '/api' }),
  });
}

/** Why a call failed, in the engine's words where it answered at all. */
export function asApiError(error: unknown): ApiError {
  if (isTRPCClientError<AppRouter>(error) && error.data?.refusal !== undefined) return error.data.refusal;
  return {
    code: 'OFFLINE',
    message: i18n.t('host:offline.message'),
    remedy: i18n.t('host:offline.remedy'),
  };
}

export const ApiContext = createContext<Api | null>(null);

/** The engine's api. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new Error('useApi needs an ApiContext around it.');
  return api;
}
