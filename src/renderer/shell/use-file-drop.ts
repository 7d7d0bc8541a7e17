import { useEffect, useEffectEvent, useState } from 'react';
import { carriesFiles, droppedFiles, type GivenFile, pastedFiles } from './dropped-files.ts';

/**
 * Makes the whole window a target for files and folders, by drop and by paste.
 *
 * @param onFiles receives the files; null where this view takes none
 * @returns whether files are being dragged over the window
 */
export function useFileDrop(onFiles: ((files: GivenFile[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  const accepts = onFiles !== null;

  const take = useEffectEvent(async (transfer: DataTransfer, pasted: boolean) => {
    const files = await droppedFiles(transfer);
    if (files.length > 0) onFiles?.(pasted ? pastedFiles(files, new Date()) : files);
  });

  useEffect(() => {
    // Every element sends its own enter and leave; the depth tells when the window itself is left.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(accepts);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      // Without this the browser would open the file in place of the app.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = accepts ? 'copy' : 'none';
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer) void take(event.dataTransfer, false);
    };
    const paste = (event: ClipboardEvent) => {
      if (!carriesFiles(event.clipboardData) || event.clipboardData === null) return;
      event.preventDefault();
      void take(event.clipboardData, true);
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', hover, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listeners.abort();
  }, [accepts]);

  return over;
}
