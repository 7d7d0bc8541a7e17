import { Radio, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceState } from '../../core/restoration/devices.ts';
import { graphicsName } from './graphics-name.ts';
import classes from './settings.module.css';

type Measurement = DeviceState['measurement'];

interface DeviceChoiceProps {
  readonly device: DeviceState;
  /** What the processor's maker calls it, where that is known. */
  readonly processor: string | null;
  /** Hash of the generator in use. */
  readonly model: string;
  /** What was measured on the CPU. */
  readonly cpu: Measurement;
}

/** One device by its name, with what was measured on it. One that does not work cannot be chosen. */
export function DeviceChoice({ device, processor, model, cpu }: DeviceChoiceProps) {
  const { t } = useTranslation('settings');
  const { provider, label, measurement } = device;
  const works = provider === 'cpu' || measurement?.outcome.kind === 'measured';
  const name = provider === 'cpu' ? processor : graphicsName();
  return (
    <div className={classes.device}>
      <Radio
        value={provider}
        disabled={!works}
        label={name === null ? label : `${name} · ${label}`}
        description={<Outcome measurement={measurement} cpu={provider === 'cpu' ? null : cpu} />}
      />
      {measurement !== null && (
        <Text size="xs" className={classes.measuredAt}>
          {t('devices.at', { at: new Date(measurement.at) })}
          {measurement.model !== model && <b> {t('devices.otherModel')}</b>}
        </Text>
      )}
    </div>
  );
}

function Outcome({ measurement, cpu }: { measurement: Measurement; cpu: Measurement }) {
  const { t } = useTranslation('settings');
  if (measurement === null) return t('devices.unmeasured');
  const { outcome } = measurement;
  switch (outcome.kind) {
    case 'measured': {
      const seconds = t('devices.measured', { seconds: outcome.secondsPerTile });
      if (cpu?.outcome.kind !== 'measured' || cpu.model !== measurement.model) return seconds;
      const factor = cpu.outcome.secondsPerTile / outcome.secondsPerTile;
      return `${seconds} · ${t('devices.faster', { factor })}`;
    }
    case 'failed':
      return t('devices.failed', { reason: outcome.reason });
    default:
      return t(`devices.${outcome.kind}`);
  }
}
