/** A file size in decimal megabytes, as file managers show it. */
export function sizeWords(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How far a download is. */
export function progressWords(done: number, total: number): string {
  return `${(done / 1e6).toFixed(1)} of ${sizeWords(total)}`;
}
