import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SHOWN_KEYS } from './compare-keys.ts';
import classes from './keys-help.module.css';

interface KeysHelpProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** All keys of the compare view. */
export function KeysHelp({ opened, onClose }: KeysHelpProps) {
  const { t } = useTranslation('compare');
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} centered>
      <dl className={classes.list}>
        {SHOWN_KEYS.map(([what, keys]) => (
          <div key={what} className={classes.row}>
            <dt className={classes.keys}>
              {keys.map((key) => (
                <Kbd key={key} size="sm">
                  {key === 'Space' ? t('keys.space') : key}
                </Kbd>
              ))}
            </dt>
            <dd className={classes.what}>{t(`keys.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
