import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import open from 'open';
import { rememberLibrary } from '../../core/library/location.ts';
import { superviseServer } from '../../server/supervise.ts';
import { complain, say, sayJson } from '../output.ts';
import { type CommonOptions, EXIT, REMEMBERED_LIBRARY } from '../session.ts';

interface ServeCommandOptions extends CommonOptions {
  readonly port: number;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** Adds `rasr serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('open the app in a browser on this computer (127.0.0.1 only)')
    .addOption(new Option('--port <n>', 'port, 0 for any free one').default(0).argParser(parsePort))
    .addOption(new Option('--open', 'open it in your browser'))
    .addOption(new Option('--json', 'print the address as JSON'))
    .action(async (_options: unknown, command: Command) => {
      const { library, port, ...options } = command.optsWithGlobals<ServeCommandOptions>();
      const script = fileURLToPath(import.meta.url);
      const server = await superviseServer(
        script,
        { library, port },
        {
          onRestart: () => process.stderr.write('rasr: the engine stopped and was started again.\n'),
          onGoOver(folder) {
            process.stderr.write(`rasr: went over to the library ${folder}.\n`);
            // A library named at the start is for this time only, and so is one that is gone over to from it.
            if (command.getOptionValueSourceWithGlobals('library') === 'default')
              void rememberLibrary(REMEMBERED_LIBRARY, folder).catch(complain);
          },
          onGone(error) {
            complain(error);
            process.exit(EXIT.someFailed);
          },
        },
      );
      if (options.json === true) sayJson({ url: server.url });
      else say(`RASR is open at ${server.url}\nPress Ctrl-C to stop it.`);
      // Without a browser the printed address is all there is to do.
      if (options.open === true) await open(server.url).catch(() => {});
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
