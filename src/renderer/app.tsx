import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { type Api, ApiContext } from './api.ts';
import { ImportsProvider } from './galleries/imports-provider.tsx';
import { HostContext } from './host/context.ts';
import type { Host } from './host/host.ts';
import { IntakeProvider } from './restore/intake-provider.tsx';
import { JobsProvider } from './restore/jobs-provider.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme.ts';

/** The window: what every view stands on, then the shell with the views. */
export function App({ api, host }: { api: Api; host: Host }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <HostContext value={host}>
        <ApiContext value={api}>
          <QueryClientProvider client={api.queryClient}>
            <JobsProvider>
              <IntakeProvider>
                <ImportsProvider>
                  <Shell />
                </ImportsProvider>
              </IntakeProvider>
            </JobsProvider>
          </QueryClientProvider>
        </ApiContext>
      </HostContext>
    </MantineProvider>
  );
}
