import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../../api/trpc.ts';
import { useHost } from '../host/context.ts';
import { refusalInWords } from '../host/engine-words.ts';
import type { DoneJob } from './done-job.ts';
import type { Side } from './sides.tsx';
import type { Box } from './viewport.ts';

/** What a picture of before and after is made of. */
interface Shared {
  readonly job: DoneJob;
  /** The result that is before; null for the photo. */
  readonly against: DoneJob | null;
  /** The part that is seen, in shares of the picture's sides. */
  readonly part: Box;
  readonly before: Side;
  readonly after: Side;
}

/** Saves what is seen of before and after as one picture. */
export function useShare() {
  const host = useHost();
  return useMutation({
    networkMode: 'always',
    // The refusal is the engine's own, and told here.
    meta: { quiet: true },
    mutationFn: ({ job, against, part: { left, top, width, height }, before, after }: Shared) =>
      host.saveBeforeAfter({
        id: job.id,
        against: against?.id ?? null,
        part: { left, top, width, height },
        labels: { before: before.label, after: after.label },
      }),
    onError: (error) => {
      const { message, remedy } = refusalInWords(error as unknown as ApiError);
      notifications.show({ color: 'red', title: message, message: remedy, autoClose: 10_000 });
    },
  });
}
