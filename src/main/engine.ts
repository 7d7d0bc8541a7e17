import { serveEngine } from './engine-process.ts';

/**
 * The engine's own process in the Electron app (`utilityProcess`): a crash in native code ends this process and
 * not the window.
 */
const [library] = process.argv.slice(2);
if (library === undefined) throw new Error('The engine process needs the library folder as its argument.');
serveEngine(library, process.parentPort);
