import { notifications } from '@mantine/notifications';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowCommand } from '../../api/electron-bridge.ts';
import { useHost } from '../host/context.ts';
import type { HandedOver } from '../host/host.ts';
import { useIntake } from '../restore/intake-provider.tsx';
import { useJobs } from '../restore/jobs-provider.tsx';
import { useSettings } from '../restore/settings.ts';
import { fromHash } from './route.ts';
import { go, useRoute } from './use-route.ts';

/** The window's part of the desktop app: menu items, files opened with the app, the language of the menus. */
export function Desktop() {
  const { desktop, saveResult } = useHost();
  const route = useRoute();
  const { jobs } = useJobs();
  const { start } = useIntake();
  const next = useSettings();
  const { t, i18n } = useTranslation('host');

  const openFiles = useEffectEvent(async (files: readonly HandedOver[]) => {
    const job = await start(files, await next.known());
    go({ view: 'restore', job: job ?? null });
  });

  const obey = useEffectEvent((command: WindowCommand) => {
    const chosen = route.view === 'restore' ? (jobs.find(({ id }) => id === route.job) ?? jobs.at(-1)) : null;
    switch (command.kind) {
      case 'show':
        return go(fromHash(`#/${command.view}`));
      case 'save-result':
        if (chosen?.state === 'done') void saveResult(chosen.id);
        return;
      case 'reveal-result':
        if (chosen?.state === 'done') desktop?.revealResult(chosen.id);
        return;
      case 'finishing':
        notifications.show({
          title: t('finishing'),
          message: t('finishingAgain'),
          loading: true,
          autoClose: false,
          withCloseButton: false,
        });
    }
  });

  useEffect(() => {
    const ends = [
      desktop?.onOpened((files) => void openFiles(files)),
      desktop?.onCommand((command) => obey(command)),
    ];
    return () => {
      for (const end of ends) end?.();
    };
  }, [desktop]);

  useEffect(() => desktop?.setLanguage(i18n.language), [desktop, i18n.language]);

  return null;
}
