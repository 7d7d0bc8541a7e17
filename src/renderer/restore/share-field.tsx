import { Input, Slider } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './share-field.module.css';
import { UnfoldingButton } from './unfolding-button.tsx';

interface ShareFieldProps {
  readonly label: string;
  /** What more and less of it do. */
  readonly meaning: string;
  /** 0…1 */
  readonly share: number;
  readonly disabled?: boolean;
  readonly onChange: (share: number) => void;
}

/** How much of something, in steps of 5 %. */
export function ShareField({ label, meaning, share, disabled = false, onChange }: ShareFieldProps) {
  const { t } = useTranslation('restore');
  return (
    <div>
      <Input.Label component="div" size="sm" className={classes.label}>
        {label}
        <span className={classes.value} data-disabled={disabled}>
          {t('percent', { value: percentOf(share) })}
        </span>
      </Input.Label>
      <Slider
        thumbLabel={label}
        size="sm"
        label={null}
        step={5}
        disabled={disabled}
        value={percentOf(share)}
        onChange={(value) => onChange(value / 100)}
      />
      <Input.Description className={classes.meaning}>{meaning}</Input.Description>
    </div>
  );
}

interface ShareButtonProps extends ShareFieldProps {
  /** The label in one word. */
  readonly word: string;
  readonly title: string;
}

/** The same, folded into a button that shows what is chosen. */
export function ShareButton({ word, title, ...field }: ShareButtonProps) {
  const { t } = useTranslation('restore');
  const value = t('percent', { value: percentOf(field.share) });
  return (
    <UnfoldingButton
      className={classes.button}
      classNames={{ section: classes.chevron }}
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      aria-label={t('labelled', { label: field.label, value })}
      title={title}
      unfoldedWidth={280}
      unfolded={() => <ShareField {...field} />}
    >
      <span className={classes.word}>{word}</span>
      <span className={classes.value}>{value}</span>
    </UnfoldingButton>
  );
}

function percentOf(share: number): number {
  return Math.round(share * 100);
}
