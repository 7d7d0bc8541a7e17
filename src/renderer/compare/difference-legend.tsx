import { useTranslation } from 'react-i18next';
import classes from './difference-legend.module.css';

/** What the colours of the difference map mean; the engine shows no more from this difference on. */
const FULL_DIFFERENCE = 64;

/** The scale of the difference map. */
export function DifferenceLegend() {
  const { t } = useTranslation('compare');
  return (
    <div className={classes.legend} data-testid="difference-legend">
      <span>{t('difference.none')}</span>
      <span className={classes.scale} aria-hidden />
      <span>{t('difference.full', { value: FULL_DIFFERENCE })}</span>
    </div>
  );
}
