import { Button, Kbd } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './weight-map-button.module.css';

interface WeightMapButtonProps {
  readonly shown: boolean;
  readonly onToggle: () => void;
}

/** Shows where the result came from the reference, and is the legend to it. */
export function WeightMapButton({ shown, onToggle }: WeightMapButtonProps) {
  const { t } = useTranslation('compare');
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-pressed={shown}
      title={t('weightMap.title')}
      leftSection={<span className={classes.swatch} />}
      rightSection={<Kbd size="xs">R</Kbd>}
      onClick={onToggle}
    >
      {t('weightMap.button')}
    </Button>
  );
}
