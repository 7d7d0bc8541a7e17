import { useLocalStorage } from '@mantine/hooks';
import type { ReferenceOrder } from '../../core/galleries/galleries.ts';

/** How references are ordered. */
export interface OrderChoice {
  readonly by: ReferenceOrder;
  readonly descending: boolean;
}

export const ORDERS: readonly ReferenceOrder[] = ['added', 'name', 'size', 'sharpness'];

/** The order of references, remembered by this browser for all galleries. */
export function useOrder(): [OrderChoice, (order: OrderChoice) => void] {
  const [order, setOrder] = useLocalStorage<OrderChoice>({
    key: 'rasr-reference-order',
    defaultValue: { by: 'added', descending: false },
    getInitialValueInEffect: false,
  });
  return [ORDERS.includes(order.by) ? order : { by: 'added', descending: false }, setOrder];
}
