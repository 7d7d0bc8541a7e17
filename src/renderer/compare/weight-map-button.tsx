import { Button, Kbd } from '@mantine/core';
import classes from './weight-map-button.module.css';

interface WeightMapButtonProps {
  readonly shown: boolean;
  readonly onToggle: () => void;
}

/** Shows where the result came from the reference, and is the legend to it. */
export function WeightMapButton({ shown, onToggle }: WeightMapButtonProps) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-pressed={shown}
      title="Tints what came from the reference (R)"
      leftSection={<span className={classes.swatch} />}
      rightSection={<Kbd size="xs">R</Kbd>}
      onClick={onToggle}
    >
      From the reference
    </Button>
  );
}
