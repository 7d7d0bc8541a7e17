import { useDocumentTitle } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { GalleriesView } from '../galleries/galleries-view.tsx';
import { GalleryView } from '../galleries/gallery-view.tsx';
import { ModelsView } from '../models/models-view.tsx';
import { BatchAnnouncer } from '../restore/batch-announcer.tsx';
import { windowTitle } from '../restore/batch-words.ts';
import { useJobs } from '../restore/jobs-provider.tsx';
import { RestoreView } from '../restore/restore-view.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Desktop } from './desktop.tsx';
import { Rail } from './rail.tsx';
import { RetrieverSwitchBar } from './retriever-switch-bar.tsx';
import type { Route } from './route.ts';
import classes from './shell.module.css';
import { useRoute } from './use-route.ts';

/** The rail and the view that is open. */
export function Shell() {
  const route = useRoute();
  const { t } = useTranslation('restore');
  const { batch } = useJobs();
  useDocumentTitle(windowTitle(t, batch));
  return (
    <>
      <div className={classes.shell}>
        <Rail route={route} />
        <main className={classes.view}>
          <RetrieverSwitchBar />
          {viewOf(route)}
        </main>
      </div>
      <ConnectionBanner />
      <BatchAnnouncer />
      <Desktop />
    </>
  );
}

function viewOf(route: Route) {
  switch (route.view) {
    case 'restore':
      return <RestoreView jobId={route.job} />;
    case 'galleries':
      return <GalleriesView />;
    case 'gallery':
      return <GalleryView key={route.id} galleryId={route.id} />;
    case 'models':
      return <ModelsView />;
    case 'settings':
      return <SettingsView />;
  }
}
