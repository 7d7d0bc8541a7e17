import type { DragEvent } from 'react';
import type { JobView } from '../../api/views.ts';
import { useHost } from './context.ts';

/** Properties of an element by which a job's result can be dragged out of the window, once it is done. */
export function useDragOut({ id, state, record }: JobView) {
  const host = useHost();
  if (state !== 'done' || record === null) return {};
  return {
    draggable: true,
    onDragStart: ({ nativeEvent }: DragEvent) => host.dragOut(nativeEvent, id, record.output.name),
  };
}
