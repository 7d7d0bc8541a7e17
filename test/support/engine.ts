import { onTestFinished } from 'vitest';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Engine } from '../../src/core/engine.ts';
import { Library } from '../../src/core/library/library.ts';
import { temporaryFolder } from './temporary.ts';

/** An engine on a library folder with the embedded models; close it yourself. */
export function openEngine(library: string): Promise<Engine> {
  return Engine.open({ library, resources: RESOURCES, tool: 'RASR test' });
}

/** An engine on a fresh library, closed when the test has finished. */
export async function temporaryEngine(): Promise<Engine> {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder);
  onTestFinished(() => engine.close());
  return engine;
}

/** A fresh library, closed when the test has finished. */
export async function temporaryLibrary(): Promise<Library> {
  const library = new Library(await temporaryFolder());
  onTestFinished(() => library.close());
  return library;
}
