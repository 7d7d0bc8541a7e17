import { IconCube, IconLibraryPhoto, IconSparkles, type TablerIcon } from '@tabler/icons-react';
import { ColourSchemeButton } from './colour-scheme-button.tsx';
import classes from './rail.module.css';
import { type Route, toHash } from './route.ts';

const PLACES: readonly { route: Route; label: string; icon: TablerIcon }[] = [
  { route: { view: 'restore', job: null }, label: 'Restore', icon: IconSparkles },
  { route: { view: 'galleries' }, label: 'Galleries', icon: IconLibraryPhoto },
  { route: { view: 'models' }, label: 'Models', icon: IconCube },
];

/** The way around: three views, and the colour scheme at the foot. */
export function Rail({ route }: { route: Route }) {
  const current = route.view === 'gallery' ? 'galleries' : route.view;
  return (
    <nav className={classes.rail} aria-label="Views">
      <img className={classes.logo} src="./icon.svg" alt="RASR" width={30} height={30} />
      {PLACES.map(({ route: place, label, icon: Icon }) => (
        <a
          key={label}
          href={toHash(place)}
          className={classes.place}
          aria-current={current === place.view ? 'page' : undefined}
        >
          <Icon size={22} stroke={1.5} aria-hidden />
          {label}
        </a>
      ))}
      <div className={classes.foot}>
        <ColourSchemeButton />
      </div>
    </nav>
  );
}
