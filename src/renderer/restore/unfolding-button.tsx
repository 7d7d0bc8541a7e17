import { Button, type ButtonProps, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface UnfoldingButtonProps extends ButtonProps {
  readonly 'aria-label': string;
  readonly title: string;
  /** Width of what unfolds, in pixels. */
  readonly unfoldedWidth: number;
  readonly unfoldedClassName?: string | undefined;
  /** What unfolds; it is given how to fold it up again. */
  readonly unfolded: (fold: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** A button of the toolbar that shows what is chosen, and unfolds to choose something else. */
export function UnfoldingButton({
  unfoldedWidth,
  unfoldedClassName = '',
  unfolded,
  ...button
}: UnfoldingButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={unfoldedWidth}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size="sm"
          variant="default"
          fw={400}
          {...button}
          onClick={() => setOpened((before) => !before)}
        />
      </Popover.Target>
      <Popover.Dropdown className={unfoldedClassName}>{unfolded(() => setOpened(false))}</Popover.Dropdown>
    </Popover>
  );
}
