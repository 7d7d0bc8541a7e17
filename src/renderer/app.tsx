import { type MantineColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowSettings } from '../api/settings-procedures.ts';
import { type Api, ApiContext } from './api.ts';
import { ImportsProvider } from './galleries/imports-provider.tsx';
import { HostContext } from './host/context.ts';
import type { Host } from './host/host.ts';
import { IntakeProvider } from './restore/intake-provider.tsx';
import { JobsProvider } from './restore/jobs-provider.tsx';
import { ApplyWindowSettings } from './settings/apply-window-settings.tsx';
import { Shell } from './shell/shell.tsx';
import { themeIn } from './theme.ts';

interface AppProps {
  readonly api: Api;
  readonly host: Host;
  /** What to begin with, until the library's settings are known. */
  readonly theme: WindowSettings['theme'];
}

/** The library keeps the choice, and {@link ApplyWindowSettings} tells Mantine of it. */
function colourSchemes(theme: WindowSettings['theme']): MantineColorSchemeManager {
  const nothing = () => {};
  return { get: () => theme, set: nothing, subscribe: nothing, unsubscribe: nothing, clear: nothing };
}

/** The window: what every view stands on, then the shell with the views. */
export function App({ api, host, theme }: AppProps) {
  const { t } = useTranslation('shell');
  const look = useMemo(() => themeIn(t), [t]);
  const schemes = useMemo(() => colourSchemes(theme), [theme]);
  return (
    <MantineProvider theme={look} colorSchemeManager={schemes}>
      <Notifications position="bottom-right" />
      <HostContext value={host}>
        <ApiContext value={api}>
          <QueryClientProvider client={api.queryClient}>
            <ApplyWindowSettings />
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
