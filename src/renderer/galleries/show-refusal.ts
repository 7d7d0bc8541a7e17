import { notifications } from '@mantine/notifications';
import type { ApiError } from '../../api/trpc.ts';

/** Shows why something was refused that is no mutation of the api. */
export function showRefusal({ message, remedy }: ApiError): void {
  notifications.show({ color: 'red', title: message, message: remedy, autoClose: 10_000 });
}
