import { useDocumentTitle } from '@mantine/hooks';
import { GalleriesView } from '../galleries/galleries-view.tsx';
import { GalleryView } from '../galleries/gallery-view.tsx';
import { ModelsView } from '../models/models-view.tsx';
import { useJobs } from '../restore/jobs-provider.tsx';
import { type Tally, tally } from '../restore/jobs-state.ts';
import { RestoreView } from '../restore/restore-view.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Rail } from './rail.tsx';
import type { Route } from './route.ts';
import classes from './shell.module.css';
import { useRoute } from './use-route.ts';

/** The rail and the view that is open. */
export function Shell() {
  const route = useRoute();
  const { jobs } = useJobs();
  useDocumentTitle(windowTitle(tally(jobs)));
  return (
    <>
      <div className={classes.shell}>
        <Rail route={route} />
        <main className={classes.view}>{viewOf(route)}</main>
      </div>
      <ConnectionBanner />
    </>
  );
}

/** Says in the tab or the taskbar how far a batch is. */
function windowTitle({ total, done, failed, waiting, running }: Tally): string {
  return waiting + running === 0 ? 'RASR' : `${done + failed} of ${total} – RASR`;
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
  }
}
