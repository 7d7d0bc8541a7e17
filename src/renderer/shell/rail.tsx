import { IconCube, IconLibraryPhoto, IconSettings, IconSparkles, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ColourSchemeButton } from './colour-scheme-button.tsx';
import classes from './rail.module.css';
import { type Route, toHash } from './route.ts';

const PLACES = [
  { route: { view: 'restore', job: null }, icon: IconSparkles },
  { route: { view: 'galleries' }, icon: IconLibraryPhoto },
  { route: { view: 'models' }, icon: IconCube },
  { route: { view: 'settings' }, icon: IconSettings },
] as const satisfies readonly { route: Route; icon: TablerIcon }[];

/** The way around: the views, and the colour scheme at the foot. */
export function Rail({ route }: { route: Route }) {
  const { t } = useTranslation('shell');
  const current = route.view === 'gallery' ? 'galleries' : route.view;
  return (
    <nav className={classes.rail} aria-label={t('views')}>
      <img className={classes.logo} src="./icon.svg" alt="RASR" width={30} height={30} />
      {PLACES.map(({ route: place, icon: Icon }) => (
        <a
          key={place.view}
          href={toHash(place)}
          className={classes.place}
          aria-current={current === place.view ? 'page' : undefined}
        >
          <Icon size={22} stroke={1.5} aria-hidden />
          {t(`places.${place.view}`)}
        </a>
      ))}
      <div className={classes.foot}>
        <ColourSchemeButton />
      </div>
    </nav>
  );
}
