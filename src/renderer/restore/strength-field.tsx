import { Input, Slider } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { Settings } from './settings.ts';
import classes from './strength-field.module.css';
import { UnfoldingButton } from './unfolding-button.tsx';

interface StrengthFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** How much references count; nothing to choose where none is used. */
export function StrengthField({ settings, onChange }: StrengthFieldProps) {
  const off = settings.gallery === 'none';
  return (
    <div>
      <Input.Label component="div" size="sm" className={classes.label}>
        Reference strength
        <span className={classes.value} data-disabled={off}>
          {percentOf(settings)} %
        </span>
      </Input.Label>
      <Slider
        thumbLabel="Reference strength"
        size="sm"
        label={null}
        step={5}
        disabled={off}
        value={percentOf(settings)}
        onChange={(value) => onChange({ ...settings, referenceStrength: value / 100 })}
      />
      <Input.Description className={classes.meaning}>
        With less, more comes from your photo alone. 0 % is as without a reference.
      </Input.Description>
    </div>
  );
}

/** The same, folded into a button that shows what is chosen. */
export function StrengthButton(props: StrengthFieldProps) {
  const { settings } = props;
  if (settings.gallery === 'none') return null;
  return (
    <UnfoldingButton
      className={classes.button}
      classNames={{ section: classes.chevron }}
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      aria-label={`Reference strength: ${percentOf(settings)} %`}
      title="How much references count"
      unfoldedWidth={280}
      unfolded={() => <StrengthField {...props} />}
    >
      <span className={classes.word}>Strength</span>
      <span className={classes.value}>{percentOf(settings)} %</span>
    </UnfoldingButton>
  );
}

function percentOf({ referenceStrength }: Settings): number {
  return Math.round(referenceStrength * 100);
}
